import { type Cents, formatEuro, type TypedImporto } from '../money.ts'

/** What a person reads under a field and in the summary: the field's name, then how to put it right. */
export const missing = (label: string) => `${label}: compila questo campo, è obbligatorio`
export const tooLong = (label: string, max: number) => `${label}: scrivi al massimo ${max} caratteri`
export const notChosen = (label: string) => `${label}: scegli una delle voci dell’elenco`
export const notANumber = (label: string, min: number, max: number) =>
  `${label}: scrivi un numero intero da ${min} a ${max}, senza altri segni`
export const notADay = (label: string) =>
  `${label}: scrivi una data che esiste, giorno, mese e anno, per esempio 31/03/2026`
export const notPast = (label: string) => `${label}: scegli il giorno di oggi o uno passato`
export const notFuture = (label: string) => `${label}: scegli il giorno di oggi o uno futuro`

const IMPORTO_RULES = {
  malformed: () =>
    'scrivi l’importo in euro con la virgola prima dei centesimi, per esempio 10 oppure 10,50 oppure 1.234,50',
  zero: () => 'scrivi un importo maggiore di zero',
  too_big: (max: Cents) => `scrivi un importo non superiore a ${formatEuro(max)}`,
} satisfies Record<Extract<TypedImporto, { ok: false }>['reason'], (max: Cents) => string>

/** The rule a typed amount broke, in words, for any page that asks for an amount. */
export function importoProblem(label: string, reason: keyof typeof IMPORTO_RULES, max: Cents): string {
  return `${label}: ${IMPORTO_RULES[reason](max)}`
}
