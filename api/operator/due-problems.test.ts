import { expect, it } from 'vitest'
import type { ColumnHeader } from '../../domain/flow/columns.ts'
import { aFlowDueType } from '../../domain/flow/testing/due-type.ts'
import type { FlowSettings } from '../../domain/flow/values.ts'
import type { Typed } from '../form/read-request.ts'
import { checkTypedDue } from './due-check.ts'
import { FORM_HEADERS, labelOf } from './due-fields.ts'

const SETTINGS: FlowSettings = {
  codIpa: 'C_Q999',
  domain: '99999900014',
  enteName: 'Comune di Borgo Fittizio',
  iban: 'IT61H9999912345000000000001',
  applicationCode: '12',
  codes: ['12'],
  lastDrawn: {},
  usedRanges: [],
  dueTypes: new Map([['LUCE', aFlowDueType({ id: 'LUCE', code: 'LUCE', dueOnBinding: true })]]),
  taxonomy: new Set(['9/0201102IM/']),
  today: '2026-03-31',
}

const GOOD: Typed = {
  tipoDovuto: 'LUCE',
  importoDovuto: '30,00',
  causaleVersamento: 'Luce votiva',
  dataEsecuzionePagamento: '2099-12-31',
  codiceIdentificativoUnivoco: 'BNCCHR85H52M999M',
  anagraficaPagatore: 'Chiara Bianchi',
  datiSpecificiRiscossione: '9/0105107TS/LUCE',
  nazionePagatore: 'IT',
  flgGeneraIuv: 'true',
  flagMultiBeneficiario: 'true',
  codiceFiscaleEnteSecondario: '99999900022',
  denominazioneEnteSecondario: 'Provincia Immaginaria',
  ibanAccreditoEnteSecondario: 'IT32I9999954321000000000002',
  datiSpecificiRiscossioneEnteSecondario: '9/0201102IM/TEFA',
  importoVersamentoEnteSecondario: '2,50',
}

const check = (more: Typed) => {
  const typed = { ...GOOD, ...more }
  const iud = typeof typed['IUD'] === 'string' && typed['IUD'] !== '' ? typed['IUD'] : `000${'a'.repeat(32)}`
  return checkTypedDue({ typed, settings: SETTINGS, iud, isNew: true })
}

const long = (length: number): string => 'x'.repeat(length + 1)
const UNSEEN = 'a\u202eb'

/** Every fault that a text in each field can have: blank, too long, badly formed, out of range. */
const FAULTS: Record<string, Record<string, string>> = {
  tipoDovuto: { blank: '', unknown: 'ALTRO', long: long(64), stamp: 'MARCA_BOLLO_DIGITALE' },
  importoDovuto: { blank: '', form: '10.5', zero: '0', big: '1.000.000.000,00' },
  causaleVersamento: { blank: '', long: long(1024), unseen: UNSEEN },
  dataEsecuzionePagamento: { blank: '', form: '31/12/2099', day: '2099-02-30' },
  codiceIdentificativoUnivoco: {
    blank: '',
    form: 'BNCCHR85',
    letter: 'BNCCHR85H52M999A',
    digits: '99999902029',
    long: long(35),
  },
  anagraficaPagatore: { blank: '', long: long(70), unseen: UNSEEN },
  tipoIdentificativoUnivoco: { form: 'X', long: 'XX' },
  mailPagatore: { form: 'chiara', long: `${long(256)}@example.org` },
  indirizzoPagatore: { long: long(70), unseen: UNSEEN },
  civicoPagatore: { long: long(16), form: 'è' },
  capPagatore: { long: long(16), form: '30-121' },
  localitaPagatore: { long: long(35), unseen: UNSEEN },
  provinciaPagatore: { long: 'VEN', form: 'XX' },
  nazionePagatore: { long: 'ITA', form: 'X1' },
  flagMultiBeneficiario: { form: 'forse', long: long(5) },
  codiceFiscaleEnteSecondario: { blank: '', form: '123', own: '99999900014', long: long(11) },
  denominazioneEnteSecondario: { blank: '', long: long(70), unseen: UNSEEN },
  ibanAccreditoEnteSecondario: { blank: '', form: 'IT00', long: long(35) },
  datiSpecificiRiscossioneEnteSecondario: { blank: '', form: '9/1', long: long(140) },
  causaleVersamentoEnteSecondario: { long: long(1024), unseen: UNSEEN },
  importoVersamentoEnteSecondario: { blank: '', form: '2.5', zero: '0', big: '999.999.999,99' },
  datiSpecificiRiscossione: { blank: '', form: 'tutto', long: long(140) },
  tipoVersamento: { form: 'CONTANTI', long: long(32) },
  IUD: { form: '000-1', long: long(35), unseen: UNSEEN },
  flgGeneraIuv: { form: 'forse', long: long(5) },
  codIuv: { form: '123', long: long(35), taken: '12000000000000042' },
}

const VERBS = ['Accorcia', 'Aggiungi', 'Controlla', 'Correggi', 'Riscrivi', 'Scegli', 'Scrivi']

/** The words of a label that carry its meaning; of a label with "o" those of each alternative. */
const meanings = (label: string): string[][] =>
  label
    .toLowerCase()
    .split(/,? o /)
    .map((part) => part.split(/[^\p{L}-]+/u).filter((word) => word.length > 3))

it('the due of these tests is right before a fault is put into it', () => {
  expect(check({})).toMatchObject({ kind: 'due' })
})

it('every one of the 27 fields of a new due has its faults here', () => {
  expect(FORM_HEADERS).toHaveLength(27)
  expect([...Object.keys(FAULTS), 'bilancio'].sort()).toEqual([...FORM_HEADERS].sort())
})

const CASES = Object.entries(FAULTS).flatMap(([header, faults]) =>
  Object.entries(faults).map(([fault, value]) => [header as ColumnHeader, fault, value] as const),
)

it.each(CASES)('%s, %s: one sentence that begins with a verb and names the field', (header, _, value) => {
  const checked = check({ [header]: value })
  const problems = checked.kind === 'problems' ? checked.problems : {}
  expect(Object.keys(problems)).toEqual([header])
  const text = problems[header]!
  expect(VERBS).toContain(text.split(' ')[0])
  expect(text).toMatch(/[^.]\.$/)
  const said = text.toLowerCase()
  expect(meanings(labelOf(header)).some((words) => words.every((word) => said.includes(word)))).toBe(true)
})

it('the table of the bilancio speaks of its rows', () => {
  const checked = check({
    'bilancio-righe': '2',
    'bilancio-0-importo': '10,00',
    'bilancio-1-capitolo': 'E1',
    'bilancio-1-importo': 'x',
  })
  expect(checked).toEqual({
    kind: 'problems',
    problems: {
      'bilancio-0-capitolo': 'Scrivi il capitolo della riga 1 del bilancio.',
      'bilancio-1-importo': 'Scrivi l’importo della riga 2 del bilancio con la virgola, per esempio 10,50.',
    },
  })
})
