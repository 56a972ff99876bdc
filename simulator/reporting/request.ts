import { z } from 'zod'
import { PSP } from '../psp/identity.ts'

const Day = z.iso.date()
const Instant = z.iso.datetime()
const Place = z.number().int().positive()

const Row = z.strictObject({
  index: Place.optional(),
  iuv: z.string(),
  iur: z.string().optional(),
  /** null leaves it out. */
  idTransfer: z.number().int().nullable().optional(),
  pay: z.string(),
  code: z.number().int().optional(),
  payDate: Day.optional(),
})

const Recipe = z.strictObject({
  seed: z.number().int().default(1),
  count: z.number().int().min(0).max(1_000_000),
  firstIuv: z.string().regex(/^\d+$/).default('01999000000000000'),
  pay: z.string().optional(),
  code: z.number().int().default(0),
  payDate: Day.optional(),
})

/** What a new revision does with the rows of the one before. */
const Changes = z.strictObject({
  /** Places, from 1. */
  without: z.array(Place).default([]),
  changed: z.array(Row.partial().extend({ place: Place })).default([]),
})

const Header = z
  .strictObject({
    regulation: z.string(),
    regulationDate: Day,
    bic: z.string(),
    senderType: z.enum(['LEGAL_PERSON', 'ABI_CODE', 'BIC_CODE']),
    sender: z.string(),
    senderName: z.string(),
    receiver: z.string(),
    receiverName: z.string(),
  })
  .partial()

/** A flow given by hand. One of the same organization, PSP and id is published again, as its next revision. */
const GivenFlow = z.strictObject({
  domain: z.string(),
  psp: z.string().default(PSP.psp),
  fdr: z.string().min(1).optional(),
  header: Header.default({}),
  rows: z.array(Row).optional(),
  recipe: Recipe.optional(),
  changes: Changes.optional(),
  flowDate: Instant.optional(),
  published: Instant.optional(),
  totPayments: z.number().int().min(0).optional(),
  sumPayments: z.string().optional(),
})

/** Without `flows`: the payments that no flow lists yet, one flow for each organization, PSP and day. */
export const PublishRequest = z.strictObject({
  day: Day.optional(),
  domain: z.string().optional(),
  flows: z.array(GivenFlow).max(1000).optional(),
})

export type GivenFlow = z.output<typeof GivenFlow>
export type GivenRow = z.output<typeof Row>
export type PublishRequest = z.input<typeof PublishRequest>
