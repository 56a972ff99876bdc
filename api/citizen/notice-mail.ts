import express, { Router, type Request, type Response } from 'express'
import { z } from 'zod'
import { dueOfNoticeMail, findStop, resumeNotices, stopNotices, type NoticeStop } from '../../db/mail/stop.ts'
import { AppError } from '../../domain/errors.ts'
import { isSigned, NOTICE_MAIL_PATH, PAGE_LINK_HOURS, signedPath } from '../../templates/signed-link.ts'
import { maskAddress } from '../access/mask.ts'
import { now, type AppDeps } from '../deps.ts'
import { csrfOf } from '../middleware/csrf.ts'
import { sendPage, textsFor } from '../page/page.ts'

type Deps = Pick<AppDeps, 'db' | 'config'>
type Mailed = Request<{ id: string }>

const PAGE = `${NOTICE_MAIL_PATH}/:id`
const Choice = z.object({ scelta: z.enum(['ente', 'all', 'resume']) })

/** What the links of a notice by mail open. Each link has a signature of its own. */
export function noticeMailPages({ db, config }: Deps): Router {
  const router = Router()

  /** The notice, found as if its number had been typed. It changes nothing but what this browser may see. */
  router.get(`${PAGE}/apri`, async (req, res) => {
    const dueId = await dueOfNoticeMail(db, signedId(config, req))
    if (dueId === undefined) throw new AppError('NOT_FOUND')
    req.session.notices = { ids: [dueId], foundAt: now(config) }
    res.redirect(303, '/avviso/esito')
  })

  /** Opening the page stops nothing, because scanners of mail servers open links. */
  router.get(PAGE, async (req, res) => {
    const id = signedId(config, req)
    const stop = await findStop(db, id)
    if (!stop) throw new AppError('NOT_FOUND')
    sendPage(res, 'citizen/notice-mails', {
      ...stopView(res, stop),
      action: req.originalUrl,
      csrf: csrfOf(req),
    })
  })

  router.post(PAGE, async (req, res) => {
    const id = signedId(config, req)
    const { data } = Choice.safeParse(req.body)
    if (data?.scelta === 'resume') await resumeNotices(db, id)
    else if (data) await stopNotices(db, id, data.scelta)
    res.redirect(303, req.originalUrl)
  })
  return router
}

/**
 * The address in the header List-Unsubscribe. A mail program posts to it when its reader presses the button of the program: without
 * cookies, without our form, perhaps twice. It can do nothing but stop the mails of one ente to one address, which the page undoes.
 * Source: RFC 8058, 3.2.
 */
export function oneClickStop({ db, config }: Deps): Router {
  const router = Router()

  router.get(`${PAGE}/ferma`, (req, res) => {
    const path = `${NOTICE_MAIL_PATH}/${signedId(config, req)}`
    res.redirect(303, signedPath(config.keys.link, path, { now: now(config), hours: PAGE_LINK_HOURS }))
  })

  // The field comes as a form of either kind, so it is looked for in the text.
  router.post(`${PAGE}/ferma`, express.text({ type: () => true, limit: '4kb' }), async (req: Mailed, res) => {
    const id = signedId(config, req)
    if (!/List-Unsubscribe[\s\S]{0,20}One-Click/.test(String(req.body))) throw new AppError('FORM_INVALID')
    await stopNotices(db, id, 'ente')
    res.set('cache-control', 'no-store').type('text/plain').send('OK\n')
  })
  return router
}

/** The id of the address, if its link is ours and not over. @throws FORBIDDEN otherwise, whether there is such a mail or not */
function signedId(config: Deps['config'], req: Mailed): string {
  if (!isSigned(config.keys.link, req.path, { query: req.query, now: now(config) }))
    throw new AppError('FORBIDDEN')
  return req.params.id
}

function stopView(res: Response, { address, enteName, stopped }: NoticeStop) {
  const t = textsFor(res)
  const ente = { ente: enteName }
  const stopAll = { value: 'all', text: t('stopmail.stopAll') }
  const buttons = {
    none: [{ value: 'ente', text: t('stopmail.stopEnte', ente) }, stopAll],
    ente: [{ value: 'resume', text: t('stopmail.resumeEnte', ente) }, stopAll],
    all: [{ value: 'resume', text: t('stopmail.resumeAll') }],
  }
  return {
    title: t('stopmail.title'),
    lead: t('stopmail.lead', { address: maskAddress(address) }),
    state: t(`stopmail.state.${stopped === 'none' ? 'on' : stopped}`, ente),
    buttons: buttons[stopped],
  }
}
