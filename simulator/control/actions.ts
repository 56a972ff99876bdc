import express, { type Router } from 'express'
import { z } from 'zod'
import type { Context } from '../context.ts'
import { sendPage } from '../pages/layout.ts'
import type { Deliveries } from '../psp/deliveries.ts'
import type { Sessions } from '../psp/sessions.ts'
import { moveOn } from '../reporting/move-on.ts'
import { publish } from '../reporting/publish.ts'
import type { RptRecord } from '../world/records.ts'
import { publishExample } from './examples.ts'
import { homePage, type ACTIONS } from './page.ts'
import { PRESETS } from './presets.ts'

export type Hands = {
  context: Context
  sessions: Sessions
  deliveries: Deliveries
  reset: () => void
}

const RtForm = z.object({ rpt: z.string(), azione: z.enum(['resend', 'positive', 'negative']) })
const PresetForm = z.object({
  preset: z.string(),
  volte: z.union([z.literal(''), z.coerce.number().int().positive()]),
})
const ExampleForm = z.object({ esempio: z.string(), ente: z.string().trim().min(1) })
const IdForm = z.object({ id: z.string() })

type Act = (hands: Hands, rpt: RptRecord) => Promise<void>

const ACT: Record<keyof typeof ACTIONS, Act> = {
  resend: async ({ context, deliveries }, rpt) => {
    const rt = context.world.rts.get(rpt.rts.at(-1) ?? '')
    if (rt) await deliveries.sendNow(rt)
  },
  positive: ({ sessions }, rpt) => sessions.addReceipt(rpt, 0),
  negative: ({ sessions }, rpt) => sessions.addReceipt(rpt, 1),
}

/** The page for people, and its forms: POST, redirect, GET. */
export function pageRouter(hands: Hands): Router {
  const { context } = hands
  const router = express.Router()
  router.get('/', (_req, res) => sendPage(res, 'Pagamenti simulati', homePage(context)))
  router.use('/azioni', express.urlencoded({ extended: false }))
  router.post('/azioni/rt', async (req, res) => {
    const form = RtForm.parse(req.body)
    const rpt = context.world.rpts.get(form.rpt)
    if (rpt) await ACT[form.azione](hands, rpt)
    res.redirect(303, '/#pagamenti')
  })
  router.post('/azioni/comportamento', (req, res) => {
    const { preset, volte } = PresetForm.parse(req.body)
    const found = PRESETS.find(({ id }) => id === preset)
    if (found)
      context.behaviours.change({ rules: [{ ...found.rule, ...(volte === '' ? {} : { times: volte }) }] })
    res.redirect(303, '/#comportamenti')
  })
  router.post('/azioni/togli', (req, res) => {
    context.behaviours.change({ remove: [IdForm.parse(req.body).id] })
    res.redirect(303, '/#comportamenti')
  })
  router.post('/azioni/rilascia', (_req, res) => {
    context.behaviours.release()
    res.redirect(303, '/#comportamenti')
  })
  router.post('/azioni/pubblica', (_req, res) => {
    publish(context)
    res.redirect(303, '/#rendicontazione')
  })
  router.post('/azioni/esempio', (req, res) => {
    const { esempio, ente } = ExampleForm.parse(req.body)
    publishExample(context, esempio, ente)
    res.redirect(303, '/#rendicontazione')
  })
  router.post('/azioni/giorno', (_req, res) => {
    moveOn(context, 1)
    res.redirect(303, '/#rendicontazione')
  })
  router.post('/azioni/azzera', (_req, res) => {
    hands.reset()
    res.redirect(303, '/')
  })
  return router
}
