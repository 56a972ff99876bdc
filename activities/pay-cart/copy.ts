import { violations } from '../../contracts/schemas.ts'
import { parseXml } from '../../contracts/xml.ts'
import { writeJournal } from '../../db/journal.ts'
import { receiveRt } from '../../db/receive-rt.ts'
import type { RptKey } from '../../domain/wire/nodo.ts'
import { tryReadRt } from '../../domain/wire/read-rt.ts'
import type { PayCartDeps } from './send.ts'

/** A receipt fetched by us enters by the same door as one the node pushes; the same bytes twice are one. */
export async function acceptCopy({ db, nodo }: PayCartDeps, cartId: string, key: RptKey): Promise<void> {
  const rptKey = { domain: key.domain, iuv: key.iuv, ccp: key.ccp }
  const { answer, journal } = await nodo.askReceipt(rptKey)
  await db.transaction(async (trx) => {
    await writeJournal(trx, [{ ...journal, cartId }])
    if (answer.kind === 'none') return
    const content = isXml(answer.document)
      ? tryReadRt(Buffer.from(answer.document).toString('utf8'))
      : undefined
    const isValid = violations('rpt-rt', answer.document).length === 0
    await receiveRt(trx, { key: rptKey, document: answer.document, source: 'copy', content, isValid })
  })
}

function isXml(bytes: Uint8Array): boolean {
  const reading = parseXml(bytes)
  if (reading.ok) reading.doc.dispose()
  return reading.ok
}
