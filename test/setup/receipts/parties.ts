import fc from 'fast-check'
import { code, country, email, optional, text, type Node } from './values.ts'

const ADDRESS: readonly (readonly [string, fc.Arbitrary<string>])[] = [
  ['indirizzo', text(70)],
  ['civico', text(16)],
  ['cap', text(16)],
  ['localita', text(35)],
  ['provincia', text(35)],
  ['nazione', country],
]
const UNIT: typeof ADDRESS = [
  ['codiceUnitOper', text(35)],
  ['denomUnitOper', text(70)],
]

interface Party {
  element: string
  role: string
  kinds: readonly string[]
  naming: string
  more: typeof ADDRESS
}

/** A party of a receipt: its identifier and name, and each of the optional fields or not. */
function party({ element, role, kinds, naming, more }: Party): fc.Arbitrary<Node[]> {
  const identity = fc.tuple(fc.constantFrom(...kinds), fc.oneof(code(2, 16), text(16).filter(isLong)))
  const rest = fc.tuple(...more.map(([name, value]) => optional(`${name}${role}`, value)))
  return fc.tuple(identity, text(70), rest).map(([[kind, id], name, found]): Node[] => [
    [
      element,
      [
        [
          `identificativoUnivoco${role}`,
          [
            ['tipoIdentificativoUnivoco', kind],
            ['codiceIdentificativoUnivoco', id],
          ],
        ],
        [`${naming}${role}`, name],
        ...found.flat(),
      ],
    ],
  ])
}

const isLong = (id: string): boolean => [...id].length > 1

export const subject = (role: 'Versante' | 'Pagatore'): fc.Arbitrary<Node[]> =>
  party({
    element: `soggetto${role}`,
    role,
    kinds: ['F', 'G'],
    naming: 'anagrafica',
    more: [...ADDRESS, ['e-mail', email]],
  })

export const beneficiary = party({
  element: 'enteBeneficiario',
  role: 'Beneficiario',
  kinds: ['G'],
  naming: 'denominazione',
  more: [...UNIT, ...ADDRESS],
})

export const attester = party({
  element: 'istitutoAttestante',
  role: 'Attestante',
  kinds: ['G', 'A', 'B'],
  naming: 'denominazione',
  more: [...UNIT, ...ADDRESS],
})
