import { describe, expect, it } from 'vitest'
import { isFiscalId, isPartitaIva } from '../codice-fiscale.ts'
import { checkForm } from '../form/check.ts'
import { formDefinitionSchema } from '../form/definition.ts'
import type { Field } from '../form/fields.ts'
import { isIban } from '../iban.ts'
import { isIuv17, iuv17 } from '../iuv.ts'
import { personSchema } from '../person.ts'
import { seedDues } from './dues.ts'
import { seedEnti } from './enti.ts'
import { seedDueTypes } from './due-types.ts'
import { seedTributi } from './tributi.ts'

const today = '2026-03-31'
const dues = seedDues(today)
const enteOf = (codIpa: string) => seedEnti.find((ente) => ente.codIpa === codIpa)
const dueTypeOf = (codIpa: string, code: string) =>
  seedDueTypes.find((dueType) => dueType.codIpa === codIpa && dueType.code === code)

/** A plausible value for each kind of field. */
const TYPED: { [K in Field['kind']]: (field: Extract<Field, { kind: K }>) => string } = {
  money: () => '10,00',
  dependent_choice: (field) => Object.values(field.options)[0]![0]!.value,
  rows: (field) => String(field.min),
  amount_computed: () => '',
  text: (field) => (field.format === 'targa' ? 'AB123CD' : 'V/12'),
  number: (field) => String(field.min),
  date: () => today,
  choice: (field) => field.options[0]!.value,
  amount_fixed: () => '',
  amount_typed: () => '10,50',
}

/** 07601 is the ABI of Poste Italiane. */
const isOfPoste = (iban: string): boolean => isIban(iban) && iban.slice(5, 10) === '07601'

describe('demo enti', () => {
  it.each(seedEnti)('$name has valid codes and accounts', (ente) => {
    expect(isPartitaIva(ente.codiceFiscale)).toBe(true)
    expect(isIban(ente.iban)).toBe(true)
    expect(ente.ibanPostale === undefined || isOfPoste(ente.ibanPostale)).toBe(true)
    expect(ente.segregationCode).toMatch(/^[0-4]\d$/)
    expect(ente.name.length).toBeLessThanOrEqual(70)
    expect(ente.codIpa).not.toContain('-')
  })

  it('are three open and one not open, with different adhesions, provinces and codes', () => {
    const distinct = (key: 'codIpa' | 'codiceFiscale' | 'segregationCode' | 'iban' | 'provincia') =>
      new Set(seedEnti.map((ente) => ente[key])).size
    const open = seedEnti.filter(({ state }) => state === 'ESERCIZIO')
    expect(open.map((ente) => ente.adhesion)).toEqual([
      ['base'],
      ['base', 'flows'],
      ['flows', 'ente_software'],
    ])
    expect(distinct('provincia')).toBeGreaterThanOrEqual(2)
    for (const key of ['codIpa', 'codiceFiscale', 'segregationCode', 'iban'] as const)
      expect(distinct(key)).toBe(seedEnti.length)
  })
})

describe('tributes', () => {
  it('are the eleven of the first installations', () => {
    expect(new Set(seedTributi.map((tributo) => tributo.code)).size).toBe(11)
  })

  it.each(seedTributi)('$code has a form a person can fill in', ({ form, datiSpecificiRiscossione }) => {
    expect(datiSpecificiRiscossione).toMatch(/^9\/\d{7}(TS|SP|SA|AP|IM)\/$/)
    const definition = formDefinitionSchema.parse(form)
    const typedOf = (field: Field, prefix = ''): [string, string][] => [
      [prefix + field.id, (TYPED[field.kind] as (f: Field) => string)(field)],
      ...(field.kind === 'rows' ? field.fields.flatMap((inner) => typedOf(inner, `${field.id}.0.`)) : []),
    ]
    const typed = Object.fromEntries(definition.fields.flatMap((field) => typedOf(field)))
    const answer = checkForm(definition, typed, { today })
    expect(answer).toMatchObject({ ok: true })
    expect(answer.ok && answer.causale).not.toContain('$')
  })

  it.each(seedDueTypes)('$code of $codIpa fits its ente', (dueType) => {
    expect(enteOf(dueType.codIpa)).toBeDefined()
    expect(dueType.ibanAccredito === undefined || isIban(dueType.ibanAccredito)).toBe(true)
    // A due that a citizen starts has no binding due date.
    expect(dueType.spontaneous && dueType.dueOnBinding).toBe(false)
  })

  it('are all offered to citizens by one ente', () => {
    const offered = seedDueTypes.filter(
      (dueType) => dueType.codIpa === 'C_X901' && dueType.active && dueType.spontaneous,
    )
    expect(offered).toHaveLength(11)
  })
})

describe('loaded dues', () => {
  it.each(dues)('$iud can be notified and paid', (due) => {
    const ente = enteOf(due.codIpa)!
    expect(dueTypeOf(due.codIpa, due.dueType)).toMatchObject({ active: true })
    expect(ente.adhesion).toContain('flows')
    expect(due.iud.length).toBeLessThanOrEqual(35)
    expect(due.iud.startsWith('000')).toBe(false)
    expect(due.causale.length).toBeLessThanOrEqual(140)
    expect(isIuv17(iuv17({ segregationCode: ente.segregationCode, progressive: due.progressive }))).toBe(true)
    expect(personSchema.safeParse(due.pagatore).success).toBe(true)
    expect(isFiscalId(due.pagatore.tipo, due.pagatore.codice)).toBe(true)
  })

  it('never share an IUD or a number within an ente', () => {
    for (const key of ['iud', 'progressive'] as const) {
      expect(new Set(dues.map((due) => `${due.codIpa} ${due[key]}`)).size).toBe(dues.length)
    }
  })

  it('one has two beneficiaries, the smaller share going to a body outside', () => {
    const shared = dues.filter((due) => due.secondary)
    expect(shared).toHaveLength(1)
    const { importo, secondary } = shared[0]!
    expect(isIban(secondary!.iban) && isPartitaIva(secondary!.domain)).toBe(true)
    expect(secondary!.importo).toBeLessThan(importo)
    expect(seedEnti.map((ente) => ente.codiceFiscale)).not.toContain(secondary!.domain)
  })

  it('one, and only one, can no longer be paid because its binding date has passed', () => {
    const expired = dues.filter(
      ({ codIpa, dueType, dueOn }) =>
        dueTypeOf(codIpa, dueType)!.dueOnBinding && dueOn !== undefined && dueOn < today,
    )
    expect(expired.map((due) => due.iud)).toEqual(['LUCE_VOTIVA-000002'])
  })
})
