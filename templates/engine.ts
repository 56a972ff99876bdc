import { existsSync, readdirSync, readFileSync } from 'node:fs'
import Handlebars from 'handlebars'
import { assetHref } from './assets.ts'
import { paidDaysChart, type PaidDays } from './charts/paid-days.ts'
import { reportingWeeksChart, type WeekBars } from './charts/reporting-weeks.ts'
import { stepsChart, type StepBar } from './charts/steps.ts'
import { DEFAULT_LANGUAGE, isLanguage, textsOf } from './language.ts'
import { answerOf } from './manual.ts'

/**
 * In strict mode a missing value is an error, so that tests find it before citizens do. A value that may be absent must
 * be `null`.
 */
const STRICT = { strict: true, preventIndent: true } as const

export type Template = (view: object) => string

const engine = Handlebars.create()
const compiled = new Map<string, Template>()

/**
 * Compiles a template once and keeps it. Values are escaped as HTML, except in plain text (`.txt.hbs`).
 * @param path inside templates/, with its extension: "emails/link.hbs"
 */
export function compileTemplate(path: string): Template {
  const known = compiled.get(path)
  if (known) return known
  const template = engine.compile<object>(read(path), { ...STRICT, noEscape: path.endsWith('.txt.hbs') })
  compiled.set(path, template)
  return template
}

/** Renders a page by its name under templates/pages: "citizen/cart". */
export function renderPage(name: string, view: object): string {
  return compileTemplate(`pages/${name}.hbs`)(view)
}

/**
 * `{{t "cart.title" name=enteName}}`: the text in the language of the page, which is `language` of the outermost view.
 */
engine.registerHelper('t', (key: string, { hash, data }: Handlebars.HelperOptions) => {
  const { language }: { language?: unknown } = data.root
  return textsOf(isLanguage(language) ? language : DEFAULT_LANGUAGE)(key, hash)
})

/** `{{asset "mypay.css"}}`: the address of a file that the build draws. */
engine.registerHelper('asset', (name: string) => assetHref(name))

/** `{{icon "it-check"}}`: an icon of the design kit. It is decoration, so the words beside it must say the same. */
engine.registerHelper('icon', (name: string) => {
  const href = engine.escapeExpression(`${assetHref('icons.svg')}#${name}`)
  return new engine.SafeString(
    `<svg class="mypay-icon" aria-hidden="true" focusable="false"><use href="${href}"></use></svg>`,
  )
})

/** `{{manual topic}}`: an answer of the manual. Its HTML comes from our own documents, which the build draws. */
engine.registerHelper('manual', (topic: string) => new engine.SafeString(answerOf(topic).html))

/** `{{chart "paidDays" drawn}}`: a chart of templates/charts/. Its functions write only numbers, days and our own words. */
engine.registerHelper(
  'chart',
  // A page gives each chart what that chart takes.
  (name: keyof typeof CHARTS, drawn: PaidDays & readonly StepBar[] & readonly WeekBars[]) =>
    new engine.SafeString(CHARTS[name](drawn)),
)

const CHARTS = { paidDays: paidDaysChart, reportingWeeks: reportingWeeksChart, steps: stepsChart }

function fileUrl(path: string): URL {
  return new URL(path, import.meta.url)
}

function read(path: string): string {
  return readFileSync(fileUrl(path), 'utf8')
}

/** Registers layouts and partials under their file name: `{{> field}}`, `{{#> layout}}`. */
function registerPartials(folder: string): void {
  if (!existsSync(fileUrl(folder))) return
  for (const file of readdirSync(fileUrl(folder)))
    if (file.endsWith('.hbs'))
      engine.registerPartial(file.slice(0, -'.hbs'.length), engine.compile(read(`${folder}/${file}`), STRICT))
}

for (const folder of ['layouts', 'partials', 'emails/partials']) registerPartials(folder)
