import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { PurgeCSS } from 'purgecss'

const KIT = 'node_modules/bootstrap-italia/dist'
const STYLES = 'templates/styles'
const OUT = 'dist/assets'
/** The folders whose files name classes and icons. */
const USERS = ['templates', 'api', 'simulator']
/** Classes that pages put together from parts. */
const COMPOSED = [/^alert-(info|success|warning|danger)$/]
const ICON = /\bit-[a-z-]+\b/g

/** Draws what pages load: one stylesheet, with only those rules of the design kit that pages use, and one file with the icons in use. */
export async function drawAssets() {
  mkdirSync(OUT, { recursive: true })
  const own = readdirSync(STYLES)
    .sort()
    .map((file) => readFileSync(join(STYLES, file), 'utf8'))
  writeFileSync(join(OUT, 'mypay.css'), [await usedRulesOfKit(), ...own].join('\n'))
  writeFileSync(join(OUT, 'icons.svg'), usedIcons())
}

async function usedRulesOfKit() {
  const [{ css }] = await new PurgeCSS().purge({
    content: USERS.map((folder) => `${folder}/**/*.{hbs,ts}`),
    css: [`${KIT}/css/bootstrap-italia.min.css`],
    safelist: COMPOSED,
    variables: true,
    keyframes: true,
    fontFace: true,
  })
  return css
}

function usedIcons() {
  const texts = USERS.flatMap((folder) => sources(folder)).map((file) => readFileSync(file, 'utf8'))
  const names = new Set(texts.flatMap((text) => text.match(ICON) ?? []))
  const sprites = readFileSync(`${KIT}/svg/sprites.svg`, 'utf8')
  const symbols = [...sprites.matchAll(/<symbol[^>]*\bid="([^"]+)"[\s\S]*?<\/symbol>/g)]
  const used = symbols.filter(([, name]) => names.has(name)).map(([symbol]) => symbol)
  return `<svg xmlns="http://www.w3.org/2000/svg">${used.join('')}</svg>\n`
}

/** @param {string} folder */
function sources(folder) {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /\.(hbs|ts)$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
}
