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
import { insertSpontaneous, repricedDues, secondaryFlags, type Repriced } from '../../db/due/due.ts'
import { drawIuvs } from '../../db/due/counter.ts'
import { findSpontaneousDueType, type SpontaneousDueType } from '../../db/ente/ente.ts'
import { fullNoticeLimit, type Maker, type NoticeLimits, type WantedNotice } from '../../db/citizen/maker.ts'
import { AppError, tooMany } from '../../domain/errors.ts'
import { checkForm } from '../../domain/form/check.ts'
import { formDefinitionSchema } from '../../domain/form/definition.ts'
import { cartProblem } from '../../domain/payment/grouping.ts'
import { ANONYMOUS, personSchema, type Person } from '../../domain/person.ts'
import { bilancioXml } from '../../domain/wire/bilancio.ts'

/** What a citizen requested before his address was proved. Stored in `email_link`; the mail shows `enteName`. */
export const draftSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('spontaneous'),
    enteName: z.string(),
    codIpa: z.string(),
    code: z.string(),
    values: z.record(z.string(), z.string()),
    /** The amount when it was requested, in cents; absent in drafts of before this was kept. */
    importoCents: z.int().optional(),
    /** The pagatore of the due. */
    payer: personSchema,
    versante: personSchema,
    /** `cart`: to pay at once. `notice`: a notice to pay later. */
    wants: z.enum(['cart', 'notice']),
  }),
  z.object({
    kind: z.literal('notice'),
    enteName: z.string(),
    dueId: z.uuid(),
    /** The amount that the citizen saw, in cents; absent in drafts of before this was kept. */
    importoCents: z.int().optional(),
    versante: personSchema,
  }),
  z.object({
    kind: z.literal('versante'),
    enteName: z.string(),
    /** The cart that gets another versante. */
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
  /** The person who makes a spontaneous due. */
  maker: Maker
  noticeLimits: NoticeLimits
}

/** The result of a draft: the cart that it went into or changed, or the due of its notice. */
export type Accepted = (
  { cartId: string; noticeId?: undefined } | { noticeId: string; cartId?: undefined }
) & {
  /** Dues whose amount is another one than the citizen saw, because the ente has changed it or its form since. */
  repriced: Repriced[]
}

/**
 * Carries out a draft whose address is proved: puts its due into the open cart of the session or into a new one, makes its notice, or
 * changes the versante of its cart. Call it inside a transaction, because an error must undo the use of the link too.
 * @throws AppError LINK_INVALID when the type of due or the cart changed meanwhile; CART_FULL, CART_MIX_NOT_ALLOWED;
 * TOO_MANY_REQUESTS when a limit of unpaid notices is reached
 */
export async function acceptDraft(
  trx: Knex,
  draft: Draft,
  { cartId, today, language, maker, noticeLimits }: Into,
): Promise<Accepted> {
  if (draft.kind === 'versante') return changeVersante(trx, draft)
  const { dueId, repriced }: Made =
    draft.kind === 'notice'
      ? { dueId: draft.dueId, repriced: await repricedDues(trx, seenIn(draft)) }
      : await makeDue(trx, draft, { today, maker, noticeLimits })
  if (draft.kind === 'spontaneous' && draft.wants === 'notice') return { noticeId: dueId, repriced }
  return {
    cartId: await addToCart(trx, { cartId, versante: draft.versante, dueIds: [dueId], language }),
    repriced,
  }
}

/** Changes the versante of an open cart. A cart that began or expired meanwhile keeps its versante. */
async function changeVersante(
  trx: Knex,
  { cartId, versante }: Draft & { kind: 'versante' },
): Promise<Accepted> {
  if (!(await findOpenCart(trx, cartId))) throw new AppError('LINK_INVALID', { reason: 'stale' })
  await giveCart(trx, cartId, versante)
  return { cartId, repriced: [] }
}

/**
 * Checks the limits of unpaid notices, if the draft wants a notice.
 * @throws AppError TOO_MANY_REQUESTS when one more notice would exceed a limit
 */
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

interface Made {
  dueId: string
  repriced: Repriced[]
}

async function makeDue(
  trx: Knex,
  draft: Draft & { kind: 'spontaneous' },
  { today, maker, noticeLimits }: Pick<Into, 'today' | 'maker' | 'noticeLimits'>,
): Promise<Made> {
  // The ente of the draft counts as opened for test, because its maker saw it, and the link may be opened in another browser.
  const dueType = await findSpontaneousDueType(trx, { ...draft, tests: [draft.codIpa] })
  // Amount and causale are computed again, because the form may have changed since the draft was made.
  const form = dueType && checkForm(formDefinitionSchema.parse(dueType.form), draft.values, { today })
  if (!dueType || !form?.ok) throw new AppError('LINK_INVALID', { reason: 'stale' })
  await checkRoom(trx, draft, maker, noticeLimits)
  const dueId = await insertSpontaneous(trx, {
    dueType,
    importoCents: form.importo,
    causale: form.causale,
    pagatore: draft.payer,
    bilancio: form.bilancio && bilancioXml(form.bilancio),
    iuv: draft.wants === 'notice' ? await drawIuv(trx, dueType) : undefined,
    maker,
  })
  const { importoCents: was = form.importo } = draft
  const isSame = was === form.importo
  return {
    dueId,
    repriced: isSame ? [] : [{ dueId, dueTypeName: dueType.name, was, is: form.importo }],
  }
}

/** The amount of a notice that its citizen saw. */
const seenIn = ({ dueId, importoCents }: Draft & { kind: 'notice' }): ReadonlyMap<string, number> =>
  new Map(importoCents === undefined ? [] : [[dueId, importoCents]])

/** An IUV of the ente's own counter, so that the notice is paid like those of its files. */
async function drawIuv(trx: Knex, dueType: SpontaneousDueType): Promise<string> {
  const [iuv] = await drawIuvs(trx, { domain: dueType.enteCodiceFiscale, ...dueType }, 1)
  return iuv!
}

export interface Addition {
  cartId: string | undefined
  versante: Person
  dueIds: readonly string[]
  /** Language of the mails about the cart, when it is new. */
  language: string
}

/**
 * Adds dues to the open cart, or to a new one when it has expired or there is none. Returns the id of the cart.
 * @throws AppError CART_FULL, CART_MIX_NOT_ALLOWED
 */
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
