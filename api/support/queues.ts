import { Router } from 'express'
import { z } from 'zod'
import { countAnomalies, OPEN_ANOMALIES } from '../../db/anomaly/anomalies.ts'
import { paymentsOfQueue } from '../../db/payment/support.ts'
import { countQueues, QUEUES, quietSince, stillFiles, type StillFile } from '../../db/worklist/queues.ts'
import { formatInstant } from '../../domain/calendar.ts'
import { AppError } from '../../domain/errors.ts'
import { euro, wholeNumber } from '../../templates/format.ts'
import { t, tOr } from '../../templates/language.ts'
import { adminFrame } from '../access/region-menu.ts'
import type { AppDeps } from '../deps.ts'
import { mustRead } from '../form/read-request.ts'
import { sendPage } from '../page/page.ts'
import { queueHref, queueOf, QUEUES_PATH } from '../page/queue-address.ts'
import { foundView } from './found-view.ts'

const Params = z.object({ queue: z.string() })

/** The lists behind the counts of "Da guardare". */
export function queuePages({ db }: Pick<AppDeps, 'db'>): Router {
  const router = Router()
  router.get(`${QUEUES_PATH}/:queue`, async (req, res) => {
    const queue = queueOf(mustRead(Params, req.params).queue)
    if (queue === undefined) throw new AppError('NOT_FOUND')
    const files = queue === 'files' ? await stillFiles(db) : []
    const payments = queue === 'files' ? [] : await paymentsOfQueue(db, queue)
    sendPage(res, 'support/queue', {
      title: t(`support.queue.${queue}.title`),
      ...adminFrame(res, '/supporto'),
      what: t(`support.queue.${queue}.what`),
      payments: payments.map(foundView),
      files: files.map(fileView),
      isEmpty: files.length === 0 && payments.length === 0,
    })
  })
  return router
}

interface FileKind {
  /** The address of its page, below that of its ente. */
  path: (file: StillFile) => string
  name: (file: StillFile) => string
  state: (state: string) => string
}

/** How each kind of thing that stands still is shown. */
const FILES: Record<StillFile['kind'], FileKind> = {
  flow: {
    path: ({ id }) => `flussi/${id}`,
    name: ({ name }) => name ?? '',
    state: (state) => tOr(`flows.state.${state}`, state),
  },
  draft: {
    // The page of a spreadsheet is for the person who sent it.
    path: () => 'flussi',
    name: ({ name }) => t('support.queue.files.draft', { name }),
    state: (state) => tOr(`sheet.state.${state}`, state),
  },
  export: {
    path: () => 'esportazioni',
    name: ({ name }) => name ?? t('support.queue.files.export'),
    state: (state) => tOr(`operator.exports.state.${state}`, state),
  },
  bulk_act: {
    path: ({ id }) => `operazioni/${id}`,
    name: ({ name }) => t('support.queue.files.bulk_act', { number: name }),
    state: (state) => tOr(`bulk.state.${state}`, state),
  },
}

function fileView(file: StillFile) {
  const { path, name, state } = FILES[file.kind]
  return {
    href: `/operatore/${file.codIpa}/${path(file)}`,
    title: `${file.enteName}: ${name(file)}`,
    note: t('support.queue.files.since', { state: state(file.state), at: formatInstant(file.since) }),
  }
}

/** The counts at the top of the home page of support. */
export async function queuesView(db: AppDeps['db']) {
  const { count, cents } = await countAnomalies(db, null, OPEN_ANOMALIES)
  const counts = await countQueues(db)
  const since = await quietSince(db)
  const cards = [
    {
      href: '/supporto/anomalie',
      title: t('support.queue.anomalies.title'),
      count: wholeNumber(count),
      note: cents === 0 ? '' : t('support.queue.anomalies.cents', { importo: euro(cents) }),
      isOpen: count > 0,
    },
    ...QUEUES.map((queue) => ({
      href: queueHref(queue),
      title: t(`support.queue.${queue}.title`),
      count: wholeNumber(counts[queue]),
      note: t(`support.queue.${queue}.what`),
      isOpen: counts[queue] > 0,
    })),
  ]
  const isQuiet = cards.every(({ isOpen }) => !isOpen)
  return {
    cards,
    quiet: isQuiet
      ? since === null
        ? t('support.queue.quiet')
        : t('support.queue.quietSince', { at: formatInstant(since) })
      : null,
  }
}
