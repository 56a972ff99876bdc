import { readFileSync } from 'node:fs'
import { createInstance } from 'i18next'

const i18n = createInstance()
const it: unknown = JSON.parse(readFileSync(new URL('language/it.json', import.meta.url), 'utf8'))
void i18n.init({
  lng: 'it',
  initAsync: false,
  resources: { it: { translation: it as Record<string, string> } },
  // Pages escape once, when they are rendered.
  interpolation: { escapeValue: false },
  // A text nobody wrote must fail a test, not show its key to a citizen.
  parseMissingKeyHandler: (key) => {
    throw new RangeError(`no text for ${key}`)
  },
})

/** The words of the product, by key, in the language of the installation. */
export const t = (key: string, values: Record<string, string | number> = {}): string => i18n.t(key, values)
