import type { Response } from 'express'
import type { Credit, ListedCredit } from '../../db/treasury/list.ts'
import type { FlowTie, ShownTie } from '../../db/treasury/ties.ts'
import type { TreasuryFile } from '../../db/treasury/file.ts'
import { formatDay, formatInstant } from '../../domain/calendar.ts'
import { flowClass } from '../../domain/treasury/classes.ts'
import { shownCreditState } from '../../domain/treasury/shown-state.ts'
import { stateChip, type Chip } from '../../templates/chip.ts'
import { euro, signedEuro, wholeNumber } from '../../templates/format.ts'
import { t } from '../../templates/language.ts'
import { theAccess } from '../access/operator.ts'

export const SECTION = 'tesoreria'

export const treasuryHref = (res: Response): string => `/operatore/${theAccess(res).codIpa}/${SECTION}`
export const creditsHref = (res: Response): string => `${treasuryHref(res)}/accrediti`

const NONE = '–'

export const fileChip = ({ state }: Pick<TreasuryFile, 'state'>): Chip =>
  stateChip('treasuryFile', state, t(`treasury.file.state.${state}`))

export const kindText = (kind: string | null): string => (kind === null ? NONE : t(`treasury.kind.${kind}`))

export const fileRow = (file: TreasuryFile, href: string) => ({
  href: `${href}/file/${file.id}`,
  name: file.fileName,
  createdAt: formatInstant(file.createdAt),
  operator: file.operatorName,
  kind: kindText(file.kind),
  state: fileChip(file),
  movements: wholeNumber(file.movements),
  faults: wholeNumber(file.faults),
})

export function creditChip(credit: ListedCredit): Chip {
  const state = shownCreditState(credit)
  return stateChip('credit', state, t(`treasury.credit.state.${state}`))
}

/** The number by which the bank and its accounts name a credit. */
export const billText = ({
  year,
  number,
  bolletta,
}: Pick<Credit, 'year' | 'number' | 'bolletta'>): string => {
  const name = number ?? bolletta
  if (name === null) return NONE
  return year === null ? name : `${year}/${name}`
}

export const creditRow = (credit: ListedCredit, href: string) => ({
  href: `${href}/${credit.id}`,
  bookedOn: formatDay(credit.bookedOn),
  amount: euro(credit.cents),
  sender: credit.sender === '' ? NONE : credit.sender,
  text: credit.text === '' ? NONE : credit.text,
  bill: billText(credit),
  state: creditChip(credit),
})

/** @param settled the reversale that put it into the books; '' when only the bank says that it was, null when it was not */
export function creditFacts(credit: Credit, settled: string | null) {
  const fact = (name: string, value: string | null) => ({
    label: t(`treasury.credit.fact.${name}`),
    value: value === null || value === '' ? NONE : value,
  })
  return [
    fact('amount', euro(credit.cents)),
    ...(credit.reversedCents > 0 ? [fact('reversed', euro(credit.reversedCents))] : []),
    fact('bookedOn', formatDay(credit.bookedOn)),
    fact('valueOn', formatDay(credit.valueOn)),
    fact('bill', billText(credit)),
    fact('bolletta', credit.bolletta),
    fact('sender', credit.sender),
    fact('trn', credit.trn),
    fact('endToEnd', credit.endToEndId),
    fact('account', credit.account),
    fact('kind', kindText(credit.source)),
    ...(settled === null
      ? []
      : [
          fact(
            'settled',
            settled === ''
              ? t('treasury.credit.settled')
              : t('treasury.credit.reversale', { number: settled }),
          ),
        ]),
  ]
}

export const tieChip = ({ state }: Pick<ShownTie, 'state'>): Chip =>
  stateChip('tie', state, t(`treasury.tie.state.${state}`))

/** Why something is tied or proposed, as a sentence. */
export const reasonText = (reason: string): string => t(`treasury.reason.${reason}`)

const decidedText = ({ state, decidedAt, decidedByName }: ShownTie): string | null =>
  decidedAt === null
    ? null
    : t(`treasury.tie.decided.${state}`, { at: formatInstant(decidedAt), by: decidedByName ?? NONE })

/** A tie of a credit, with the flow or the payment that it leads to. */
export const tieView = (tie: ShownTie, { cents }: Pick<Credit, 'cents'>, codIpa: string) => ({
  id: tie.id,
  state: tieChip(tie),
  target: tie.flowId ?? tie.iuv,
  href: tie.reportingFlowId === null ? null : `/operatore/${codIpa}/rendicontazione/${tie.reportingFlowId}`,
  what: t(`treasury.tie.${tie.flowId === null ? 'payment' : 'flow'}`),
  psp: tie.pspName ?? tie.pspId,
  declared: tie.declaredCents === null ? NONE : signedEuro(tie.declaredCents),
  difference:
    tie.reason === 'other_amount' && tie.declaredCents !== null
      ? signedEuro(cents - tie.declaredCents)
      : null,
  reason: reasonText(tie.reason),
  score: tie.state === 'proposed' ? t('treasury.tie.score', { score: tie.score }) : null,
  decided: decidedText(tie),
})

/** The credits of a flow, and how they stand to what it declares, as a sentence. */
export function flowCreditsView(
  { ties, hasTreasury }: { ties: readonly FlowTie[]; hasTreasury: boolean },
  declaredCents: number,
  codIpa: string,
) {
  const sure = ties.filter(({ state }) => state !== 'proposed')
  const cents = sure.reduce((sum, tie) => sum + tie.cents, 0)
  const isTied = sure.length > 0 && (cents === declaredCents || sure.some(({ isShared }) => isShared))
  const { rule } = flowClass({ hasTreasury, isTied, hasCredit: ties.length > 0 })
  return {
    text: t(`treasury.flow.${rule}`, { sum: euro(cents), declared: signedEuro(declaredCents) }),
    isWarning: rule === 'amount_differs',
    rows:
      ties.length === 0
        ? null
        : ties.map((tie) => ({
            href: `/operatore/${codIpa}/${SECTION}/accrediti/${tie.creditId}`,
            bookedOn: formatDay(tie.bookedOn),
            amount: euro(tie.cents),
            sender: tie.sender === '' ? NONE : tie.sender,
            state: tieChip(tie),
          })),
  }
}
