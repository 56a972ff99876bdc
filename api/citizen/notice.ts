import { Router, type Request, type Response } from 'express'
import { findNoticed, type NoticedDovuto } from '../../db/dovuto.ts'
import { iuvOfAvviso } from '../../domain/iuv.ts'
import type { Texts } from '../../templates/language.ts'
import type { AppDeps } from '../deps.ts'
import { csrfOf } from '../middleware/csrf.ts'
import type { CountTry } from '../middleware/limits.ts'
import { citizenOf } from '../middleware/session.ts'
import { sendPage, textsFor } from '../page.ts'
import { fieldView, summaryView, type FieldInput, type Problems, type Typed } from './field-view.ts'
import { accountPerson } from './account-person.ts'
import { askedOf, CODE, EMAIL, knownFields, payerFields, readPayerFields } from './payer-form.ts'
import type { ProveAddress } from './prove-address.ts'

const NUMBER = 'codice-avviso'
const PAYER = [CODE, EMAIL] as const
const numberField = (t: Texts): FieldInput => ({
  id: NUMBER,
  label: t('notice.number'),
  help: t('notice.numberHelp'),
  inputMode: 'numeric',
  maxLength: 30,
})

/** Pays a notice: who knows its number and whose it is may pay it. Source: payments.md §6.3. */
export function noticePages({ db, config }: AppDeps, count: CountTry, prove: ProveAddress): Router {
  const router = Router()

  router.get('/avviso', (req, res) => {
    showForm(req, res, knownFields(req), {})
  })

  router.post('/avviso', async (req, res) => {
    const t = textsFor(res)
    const typed = (req.body ?? {}) as Typed
    const citizen = citizenOf(req)
    const payer = readPayerFields(t, askedOf(PAYER, citizen), typed)
    const iuv = readNumber(typed)
    if (!payer.ok || iuv === undefined)
      return showForm(req, res, typed, {
        ...(iuv === undefined ? { [NUMBER]: t('notice.malformed') } : {}),
        ...(payer.ok ? {} : payer.problems),
      })
    await count('noticePerClient', req.ip ?? '')
    await count('noticePerNumber', iuv)
    const codice = payer.value[CODE]
    const dovuto = await findNoticed(db, { iuv, codice })
    if (!dovuto || whyNot(dovuto) !== undefined)
      return showForm(req, res, typed, { [NUMBER]: t(`notice.${dovuto ? whyNot(dovuto) : 'unknown'}`) })
    await prove(req, res, {
      kind: 'notice',
      enteName: dovuto.enteName,
      dovutoId: dovuto.id,
      versante: citizen?.email ? accountPerson(citizen) : { ...dovuto.pagatore, email: payer.value[EMAIL] },
    })
  })

  router.get('/mail-inviata', (_req, res) =>
    sendPage(res, 'citizen/mail-sent', {
      title: textsFor(res)('link.sent.title'),
      minutes: config.linkMinutes,
    }),
  )
  return router
}

function readNumber(typed: Typed): string | undefined {
  const value = typed[NUMBER]
  return typeof value === 'string' && value.length <= 40 ? iuvOfAvviso(value) : undefined
}

/** Said only to who gave the right fiscal code with it. */
function whyNot(dovuto: NoticedDovuto): 'paid' | 'paying' | 'expired' | 'blocked' | undefined {
  if (dovuto.state !== 'payable') return dovuto.state
  if (dovuto.isExpired) return 'expired'
  return dovuto.isTypeActive ? undefined : 'blocked'
}

function showForm(req: Request, res: Response, typed: Typed, problems: Problems): void {
  const t = textsFor(res)
  sendPage(
    res,
    'citizen/notice',
    {
      title: t('notice.title'),
      csrf: csrfOf(req),
      fields: [
        fieldView(numberField(t), typed, problems),
        ...payerFields(t, askedOf(PAYER, citizenOf(req)), typed, problems),
      ],
      ...summaryView(problems),
    },
    Object.keys(problems).length > 0 ? 422 : 200,
  )
}
