import type { Request, Response } from 'express'
import {
  countAnomalies,
  listAnomalies,
  type Anomaly,
  type AnomalyFilter,
} from '../../db/anomaly/anomalies.ts'
import { formatDay, romeDay } from '../../domain/calendar.ts'
import { ANOMALY_KINDS } from '../../domain/payment/model.ts'
import { euro, wholeNumber } from '../../templates/format.ts'
import { t } from '../../templates/language.ts'
import { now, type AppDeps } from '../deps.ts'
import { amount, day, oneOf } from '../list/filters.ts'
import { filledIn, listPage } from '../list/list-page.ts'
import { withQuery } from '../list/pages.ts'
import { readId } from '../list/place.ts'
import { csrfOf } from '../middleware/csrf.ts'
import { sendPage } from '../page/page.ts'
import { ageText, anomalyChip, kindWords } from './words.ts'
import type { Desk } from './desk.ts'

const PAGE = 25
const FILTERS = {
  tipo: oneOf(ANOMALY_KINDS),
  dal: day,
  al: day,
  min: amount,
  max: amount,
}

/** Sends the list of anomalies: the open ones, or those that are closed. */
export async function showAnomalies(
  { db, config }: Pick<AppDeps, 'db' | 'config'>,
  desk: Desk,
  req: Request,
  res: Response,
): Promise<void> {
  const href = desk.href(res)
  const isClosed = req.query['mostra'] === 'chiuse'
  const { rows, search, view, status } = await listPage({
    t,
    href,
    query: req.query,
    filters: FILTERS,
    spans: [
      ['dal', 'al'],
      ['min', 'max'],
    ],
    kept: isClosed ? { mostra: 'chiuse' } : {},
    fields: [
      {
        id: 'tipo',
        label: t('anomaly.filter.kind'),
        options: ANOMALY_KINDS.map((value) => ({ value, label: kindWords(value) })),
        blank: t('anomaly.filter.all'),
      },
      { id: 'dal', label: t('anomaly.filter.from'), type: 'date', maxLength: 10 },
      { id: 'al', label: t('anomaly.filter.to'), type: 'date', maxLength: 10 },
      { id: 'min', label: t('anomaly.filter.min'), inputMode: 'decimal', maxLength: 20 },
      { id: 'max', label: t('anomaly.filter.max'), inputMode: 'decimal', maxLength: 20 },
    ],
    size: PAGE,
    find: (values, turn) => listAnomalies(db, desk.reader(res), filterOf(isClosed, values), turn),
    placeOf: ({ id }) => id,
    readPlace: readId,
    none: t('anomaly.list.notFound'),
    empty: t(isClosed ? 'anomaly.list.noneClosed' : 'anomaly.list.noneOpen'),
  })
  const { count, cents } = await countAnomalies(db, desk.reader(res), filterOf(isClosed, search.values))
  const today = romeDay(now(config))
  const mails = await desk.mails(res)
  // Both tabs keep the search.
  const sameSearch = filledIn(search.typed)
  sendPage(
    res,
    'anomaly/list',
    {
      title: t('anomaly.list.title'),
      ...desk.frame(res),
      ...view,
      tabs: [
        { href: withQuery(href, sameSearch), text: t('anomaly.list.open'), isCurrent: !isClosed },
        {
          href: withQuery(href, { ...sameSearch, mostra: 'chiuse' }),
          text: t('anomaly.list.closed'),
          isCurrent: isClosed,
        },
      ],
      csrf: csrfOf(req),
      mails: mails && {
        ...mails,
        text: t(`anomaly.mails.${mails.isOn ? 'on' : 'off'}`),
        button: t(`anomaly.mails.${mails.isOn ? 'stop' : 'start'}`),
        value: mails.isOn ? 'no' : 'si',
      },
      totals: isClosed
        ? t('anomaly.list.countClosed', { count, shown: wholeNumber(count) })
        : t('anomaly.list.totals', { count, shown: wholeNumber(count), importo: euro(cents) }),
      hasEnte: desk.reader(res) === null,
      rows: rows.map((row) => rowView(row, { href, today })),
    },
    status,
  )
}

type Values = Partial<Omit<AnomalyFilter, 'isClosed' | 'kind' | 'minCents' | 'maxCents'>> & {
  tipo?: AnomalyFilter['kind']
  dal?: string | undefined
  al?: string | undefined
  min?: number | undefined
  max?: number | undefined
}

const filterOf = (isClosed: boolean, { tipo, dal, al, min, max }: Values): AnomalyFilter => ({
  isClosed,
  kind: tipo,
  from: dal,
  to: al,
  minCents: min,
  maxCents: max,
})

const rowView = (anomaly: Anomaly, { href, today }: { href: string; today: string }) => ({
  href: `${href}/${anomaly.id}`,
  what: kindWords(anomaly.kind),
  state: anomalyChip(anomaly),
  ente: anomaly.ente?.name ?? '–',
  about: anomaly.causale ?? anomaly.dueTypeName ?? '–',
  iuv: anomaly.iuv ?? '–',
  raisedOn: formatDay(romeDay(anomaly.createdAt)),
  age: ageText(romeDay(anomaly.createdAt), today),
  importo: anomaly.unplacedCents === 0 ? '–' : euro(anomaly.unplacedCents),
})
