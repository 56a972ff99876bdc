import { Router } from 'express'
import { isOfficeHour } from '../../domain/calendar.ts'
import { keysOf } from '../../domain/table.ts'
import type { Texts } from '../../templates/language.ts'
import { now, type AppDeps } from '../deps.ts'
import { sendPage, textsFor } from '../page/page.ts'

/** The pages of the footer, with the number of sections of each. */
const PAGES = { privacy: 4, cookie: 2, accessibilita: 3, domande: 7, aiuto: 3 } as const
type InfoPage = keyof typeof PAGES

export function infoPages({ config }: AppDeps): Router {
  const router = Router()
  for (const name of keysOf(PAGES))
    router.get(`/${name}`, (_req, res) => {
      const t = textsFor(res)
      sendPage(res, 'citizen/info', {
        title: t(`info.${name}.title`),
        sections: sectionsOf(t, name),
        desk: name === 'aiuto' ? deskOf(t, now(config), config.helpDesk) : null,
      })
    })
  return router
}

const sectionsOf = (t: Texts, name: InfoPage): object[] =>
  Array.from({ length: PAGES[name] }, (_, index) => {
    const section = `s${index + 1}`
    return {
      heading: t(`info.${name}.sections.${section}.heading`),
      text: t(`info.${name}.sections.${section}.text`),
    }
  })

/** The help desk: whether it is open now, and its mail address. */
const deskOf = (t: Texts, instant: string, address: string | undefined): object => ({
  state: t(`info.aiuto.${isOfficeHour(instant) ? 'open' : 'closed'}`),
  write: t('info.aiuto.write'),
  address: address ?? null,
})
