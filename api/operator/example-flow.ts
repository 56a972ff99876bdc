import { Router } from 'express'
import { z } from 'zod'
import { dueTypesOf } from '../../db/due/dues.ts'
import { addDays, romeDay } from '../../domain/calendar.ts'
import { FLOW_COLUMNS, FLOW_FORMATS, type ColumnHeader, type FlowFormat } from '../../domain/flow/columns.ts'
import { AppError } from '../../domain/errors.ts'
import { writeCsvLine } from '../../domain/wire/csv-line.ts'
import { smallZip } from '../../templates/documents/small-zip.ts'
import { t } from '../../templates/language.ts'
import { now, type AppDeps } from '../deps.ts'
import { readerOf, theAccess } from '../access/operator.ts'

const Query = z.object({ versione: z.enum(FLOW_FORMATS).catch('1_3') })
const DUE_IN_DAYS = 60

/**
 * An example file, which can be uploaded as it is. It has two rows of a type that this operator may use; operators replace them by their
 * own.
 */
export function exampleFlow({ db, config }: Pick<AppDeps, 'db' | 'config'>): Router {
  const router = Router()
  router.get('/operatore/:codIpa/flussi/esempio', async (req, res) => {
    const { versione } = Query.parse(req.query)
    const [dueType] = await dueTypesOf(db, readerOf(res))
    if (!dueType) throw new AppError('NOT_FOUND')
    const at = now(config)
    // The name and the IUDs contain the time, so that a second example repeats neither of them.
    const stamp = at.replaceAll(/\D/g, '').slice(0, 17)
    const base = `${theAccess(res).codIpa}-ESEMPIO${stamp}-${versione}`
    const csv = exampleCsv(versione, { stamp, dueType, dueOn: addDays(romeDay(at), DUE_IN_DAYS) })
    res.set({
      'content-type': 'application/zip',
      'content-disposition': `attachment; filename="${base}.zip"`,
      'cache-control': 'no-store',
    })
    res.send(await smallZip({ [`${base}.csv`]: csv }))
  })
  return router
}

interface Example {
  stamp: string
  dueType: { code: string; name: string; datiSpecifici: string }
  dueOn: string
}

function exampleCsv(format: FlowFormat, example: Example): string {
  const headers = FLOW_COLUMNS[format].map(({ header }) => header)
  const rows = [1, 2].map((n) => {
    const values = exampleValues(n, example)
    return writeCsvLine(headers.map((header) => values[header] ?? ''))
  })
  return [headers.join(';'), ...rows, ''].join('\n')
}

/** The values of a row. The person and the town do not exist. */
const exampleValues = (
  n: number,
  { stamp, dueType, dueOn }: Example,
): Partial<Record<ColumnHeader, string>> => ({
  IUD: `ESEMPIO-${stamp}-${n}`,
  tipoIdentificativoUnivoco: 'F',
  codiceIdentificativoUnivoco: 'BNCCHR85H52M999M',
  anagraficaPagatore: 'Bianchi Chiara',
  indirizzoPagatore: 'Via dei Tigli',
  civicoPagatore: '12',
  capPagatore: '99010',
  localitaPagatore: 'Borgo Fittizio',
  provinciaPagatore: 'VE',
  nazionePagatore: 'IT',
  mailPagatore: 'chiara.bianchi@example.org',
  dataEsecuzionePagamento: dueOn,
  importoDovuto: '24.50',
  tipoDovuto: dueType.code,
  tipoVersamento: 'ALL',
  causaleVersamento: t('flows.example.causale', { n, dueType: dueType.name }).slice(0, 140),
  datiSpecificiRiscossione: `${dueType.datiSpecifici}${dueType.code}`.slice(0, 140),
  flgGeneraIuv: 'true',
  flagMultiBeneficiario: 'false',
  azione: 'I',
})
