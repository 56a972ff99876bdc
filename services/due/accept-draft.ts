import type { Knex } from 'knex'
import { z } from 'zod'
import {
  addCartItem,
  duesIn,
  findOpenCart,
  giveCart,
  insertCart,
  lockOpenCart,
} from '../../db/payment/cart.ts'
import { insertSpontaneous, secondaryFlags } from '../../db/due/due.ts'
import { drawIuvs } from '../../db/due/counter.ts'
import { findSpontaneousDueType, type SpontaneousDueType } from '../../db/ente/ente.ts'
import { fullNoticeLimit, type Maker, type NoticeLimits, type WantedNotice } from '../../db/citizen/maker.ts'
import { AppError, tooMany } from '../../domain/errors.ts'
import { checkForm } from '../../domain/form/check.ts'
import { formDefinitionSchema } from '../../domain/form/definition.ts'
import { cartProblem } from '../../domain/payment/grouping.ts'
import { ANONYMOUS, personSchema, type Person } from '../../domain/person.ts'
import { bilancioXml } from '../../domain/wire/bilancio.ts'

/** What a citizen asked for before his address was proved; kept in email_link. `enteName` is for the mail. */
export const draftSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('spontaneous'),
    enteName: z.string(),
    codIpa: z.string(),
    code: z.string(),
    values: z.record(z.string(), z.string()),
    /** Whose due it is. */
    payer: personSchema,
    versante: personSchema,
    /** To pay at once, or a notice to pay later. */
    wants: z.enum(['cart', 'notice']),
  }),
  z.object({
    kind: z.literal('notice'),
    enteName: z.string(),
    dueId: z.uuid(),
    versante: personSchema,
  }),
  z.object({
    kind: z.literal('versante'),
    enteName: z.string(),
    /** Whose versante changes. */
    cartId: z.uuid(),
    versante: personSchema,
  }),
])

export type Draft = z.infer<typeof draftSchema>

export interface Into {
  /** The session's cart, when it has one. */
  cartId: string | undefined
  /** Today in Rome. */
  today: string
  language: string
  /** Of a spontaneous due. */
  maker: Maker
  noticeLimits: NoticeLimits
}

/** Where a draft has gone. */
export type Accepted = { cartId: string; noticeId?: undefined } | { noticeId: string; cartId?: undefined }

/**
 * Puts a proved draft into the session's open cart, or into a new one. Call inside a transaction: a refusal must undo
 * what proved it.
 * @throws LINK_INVALID when the ente changed the type meanwhile; CART_FULL, CART_MIX_NOT_ALLOWED; TOO_MANY_REQUESTS when
 * there are enough unpaid notices
 */
export async function acceptDraft(
  trx: Knex,
  draft: Draft,
  { cartId, today, language, maker, noticeLimits }: Into,
): Promise<Accepted> {
  if (draft.kind === 'versante') return changeVersante(trx, draft)
  const dueId =
    draft.kind === 'notice' ? draft.dueId : await makeDue(trx, draft, { today, maker, noticeLimits })
  if (draft.kind === 'spontaneous' && draft.wants === 'notice') return { noticeId: dueId }
  return {
    cartId: await addToCart(trx, { cartId, versante: draft.versante, dueIds: [dueId], language }),
  }
}

/** A cart that was paid or ran out meanwhile has its versante already. */
async function changeVersante(
  trx: Knex,
  { cartId, versante }: Draft & { kind: 'versante' },
): Promise<Accepted> {
  if (!(await findOpenCart(trx, cartId))) throw new AppError('LINK_INVALID', { reason: 'stale' })
  await giveCart(trx, cartId, versante)
  return { cartId }
}

/** @throws TOO_MANY_REQUESTS when this would be one unpaid notice too many */
export async function checkRoom(
  db: Knex,
  draft: Draft,
  maker: WantedNotice['maker'],
  limits: NoticeLimits,
): Promise<void> {
  if (draft.kind !== 'spontaneous' || draft.wants !== 'notice') return
  const codice = draft.payer.codice === ANONYMOUS ? undefined : draft.payer.codice
  const full = await fullNoticeLimit(db, { maker, codice }, limits)
  if (full) throw tooMany(`notices.${full.limit}`, full.seconds, { most: full.most })
}

async function makeDue(
  trx: Knex,
  draft: Draft & { kind: 'spontaneous' },
  { today, maker, noticeLimits }: Pick<Into, 'today' | 'maker' | 'noticeLimits'>,
): Promise<string> {
  // Who made the draft saw the ente: the link may be opened in another browser.
  const dueType = await findSpontaneousDueType(trx, { ...draft, tests: [draft.codIpa] })
  // Amount and causale are made again: nothing older than the form in force is believed.
  const form = dueType && checkForm(formDefinitionSchema.parse(dueType.form), draft.values, { today })
  if (!dueType || !form?.ok) throw new AppError('LINK_INVALID', { reason: 'stale' })
  await checkRoom(trx, draft, maker, noticeLimits)
  return insertSpontaneous(trx, {
    dueType,
    importoCents: form.importo,
    causale: form.causale,
    pagatore: draft.payer,
    bilancio: form.bilancio && bilancioXml(form.bilancio),
    iuv: draft.wants === 'notice' ? await drawIuv(trx, dueType) : undefined,
    maker,
  })
}

/** A number of the ente's own counter: the notice is paid as those its files bring. */
async function drawIuv(trx: Knex, dueType: SpontaneousDueType): Promise<string> {
  const [iuv] = await drawIuvs(trx, { domain: dueType.enteCodiceFiscale, ...dueType }, 1)
  return iuv!
}

export interface Addition {
  cartId: string | undefined
  versante: Person
  dueIds: readonly string[]
  /** Of the mails about a cart that is new. */
  language: string
}

/** @throws CART_FULL, CART_MIX_NOT_ALLOWED */
export async function addToCart(
  trx: Knex,
  { cartId, versante, dueIds, language }: Addition,
): Promise<string> {
  const open = cartId === undefined ? undefined : await lockOpenCart(trx, cartId)
  const target = open?.id ?? (await insertCart(trx, { kind: 'citizen', versante, language }))
  const held = await duesIn(trx, target)
  const wanted = dueIds.filter((id) => !held.includes(id))
  const problem = cartProblem(await secondaryFlags(trx, [...held, ...wanted]))
  if (problem) throw new AppError(problem)
  for (const id of wanted) await addCartItem(trx, target, id)
  return target
}
