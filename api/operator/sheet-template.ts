import { Router } from 'express'
import { z } from 'zod'
import { dueTypesOf } from '../../db/due/dues.ts'
import { FLOW_COLUMNS, type Column, type FlowFormat } from '../../domain/flow/columns.ts'
import { sheetOf, workbook, type Sheet, type SheetColumn } from '../../templates/documents/workbook.ts'
import { t } from '../../templates/language.ts'
import { readerOf, theAccess } from '../access/operator.ts'
import type { AppDeps } from '../deps.ts'

/** The versions that a sheet may become. The older ones say nothing that these cannot say. */
const Query = z.object({ versione: z.enum(['1_3', '1_4']).catch('1_3') })

/** Rows below the header whose cells keep codes as text. More rows take the formats of the last one when they are filled in below. */
const PREPARED_ROWS = 500

/**
 * A workbook to fill in: the columns of a version with the formats that lose no digit, and a sheet that explains each of them. It is small,
 * so it is written here and not by the process of files.
 */
export function sheetTemplate({ db }: Pick<AppDeps, 'db'>): Router {
  const router = Router()
  router.get('/operatore/:codIpa/flussi/modello', async (req, res) => {
    const { versione } = Query.parse(req.query)
    const dueTypes = await dueTypesOf(db, readerOf(res))
    const book = await workbook([duesSheet(versione), columnsSheet(versione), typesSheet(dueTypes)])
    res.set({
      'content-type': 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
      'content-disposition': `attachment; filename="${theAccess(res).codIpa}-modello-${versione}.xlsx"`,
      'cache-control': 'no-store',
    })
    res.send(book)
  })
  return router
}

/** Amounts and days are what a sheet handles well; a flag is a word. Everything else stays text. */
const KINDS = { amount: 'amount', day: 'day', flag: 'text', text: 'text', words: 'text' } as const

const duesSheet = (format: FlowFormat): Sheet =>
  sheetOf<never>(
    t('sheet.template.dues'),
    FLOW_COLUMNS[format].map((column) => blankColumn(column)),
    [],
    { blankRows: PREPARED_ROWS },
  )

function blankColumn({ header, kind }: Column): SheetColumn<never> {
  const shape = { title: header, width: Math.max(12, header.length + 2) }
  switch (KINDS[kind]) {
    case 'amount':
      return { ...shape, kind: 'amount', value: () => null }
    case 'day':
      return { ...shape, kind: 'day', value: () => null }
    case 'text':
      return { ...shape, kind: 'text', value: () => null }
  }
}

const text = <Row>(title: string, width: number, value: (row: Row) => string): SheetColumn<Row> => ({
  title,
  kind: 'text',
  width,
  value,
})

const columnsSheet = (format: FlowFormat): Sheet =>
  sheetOf(
    t('sheet.template.columns'),
    [
      text<Column>(t('sheet.template.column'), 40, ({ header }) => header),
      text<Column>(t('sheet.template.need'), 16, needOf),
      text<Column>(t('sheet.template.length'), 12, ({ max }) => String(max)),
      text<Column>(t('sheet.template.how'), 90, ({ kind, header }) =>
        WITH_EXAMPLE.has(header) ? t(`sheet.template.example.${header}`) : t(`sheet.template.kind.${kind}`),
      ),
    ],
    FLOW_COLUMNS[format],
  )

const needOf = ({ isMandatory, isSecondary }: Column): string => {
  if (!isMandatory) return t('sheet.template.optional')
  return t(isSecondary ? 'sheet.template.withSecond' : 'sheet.template.mandatory')
}

/** Columns whose rule is said by an example of their own. */
const WITH_EXAMPLE: ReadonlySet<string> = new Set([
  'IUD',
  'codIuv',
  'tipoIdentificativoUnivoco',
  'codiceIdentificativoUnivoco',
  'capPagatore',
  'tipoDovuto',
  'tipoVersamento',
  'datiSpecificiRiscossione',
  'bilancio',
  'flgGeneraIuv',
  'azione',
])

const typesSheet = (dueTypes: readonly { code: string; name: string; datiSpecifici: string }[]): Sheet =>
  sheetOf(
    t('sheet.template.types'),
    [
      text<(typeof dueTypes)[number]>('tipoDovuto', 34, ({ code }) => code),
      text<(typeof dueTypes)[number]>(t('sheet.template.typeName'), 50, ({ name }) => name),
      text<(typeof dueTypes)[number]>(
        'datiSpecificiRiscossione',
        40,
        ({ code, datiSpecifici }) => `${datiSpecifici}${code}`,
      ),
    ],
    dueTypes,
  )
