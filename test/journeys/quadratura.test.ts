import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { aFlowWorld } from '../flows/world.ts'
import { textOf } from '../setup/citizen-site.ts'
import { aQuadratura, published } from '../setup/reporting.ts'
import { anEnte } from '../setup/builders.ts'
import { signInAs } from '../setup/session.ts'
import { startStack, type Stack } from '../setup/stack.ts'
import { createVisitor, type Visitor } from '../setup/visitor.ts'
import { waitUntil } from '../setup/wait.ts'

const OPERATOR = { codiceFiscale: 'FRRPLA64P30M999Q', anagrafica: 'Paolo Ferri', email: 'paolo@example.org' }
const FLOWS = '/operatore/C_Q999/rendicontazione'
const PATH = '/operatore/C_Q999/quadrature'
const DOMAIN = '99999900014'

interface Run {
  outcome: string
  quadratura: string | null
}

let stack: Stack
let operator: Visitor

/** Starts an installation with one flow of the old node for each test of this block. */
function installation(quadratura: boolean): void {
  beforeAll(async () => {
    stack = await startStack({ reporting: 'soap', quadratura })
    const world = await aFlowWorld(stack.db)
    await stack
      .db('operator')
      .where({ id: world.operatorId })
      .update({ codice_fiscale: OPERATOR.codiceFiscale })
    operator = await signInAs(stack.db, createVisitor(stack.publicUrl), OPERATOR)
    stack.simulator.publish({
      flows: [
        {
          domain: DOMAIN,
          fdr: '2026-11-28ABI90001-1',
          header: { regulationDate: '2026-11-28' },
          psp: 'ABI90001',
          flowDate: '2026-11-28T01:00:00Z',
          rows: [published('12010000000000138', '24.50')],
        },
      ],
    })
  })
  afterAll(() => stack.close())
  beforeEach(() => stack.simulator.behave({ clear: true }))
}

async function fetchNow(): Promise<Run> {
  const before = (await stack.db('reporting_run').pluck('id')) as string[]
  expect((await operator.submit(await operator.get(FLOWS), `${FLOWS}/scarica`, {})).status).toBe(303)
  return waitUntil(
    async () =>
      (await stack.db('reporting_run').whereNotIn('id', before).whereNotNull('outcome').first()) as
        Run | undefined,
    60_000,
  )
}

describe('quadratura that is switched off', () => {
  installation(false)

  it('fetches nothing, and the page says so', async () => {
    expect(textOf(await operator.get(PATH))).toContain('Nessun recupero è ancora avvenuto')
    expect(await fetchNow()).toMatchObject({ outcome: 'OK', quadratura: null })
    expect(await stack.db('quadratura')).toEqual([])
    expect(textOf(await operator.get(PATH))).toContain('in questa installazione sono disattivate')
  })
})

describe('quadratura that is switched on', () => {
  installation(true)

  it('fails without failing the flows', async () => {
    stack.simulator.behave({
      rules: [{ operation: 'nodoChiediElencoQuadraturePA', kind: 'fault', code: 'PPT_AUTORIZZAZIONE' }],
    })
    const run = await fetchNow()
    expect(run).toMatchObject({ outcome: 'OK', quadratura: 'REPORTING_REFUSED' })
    expect(await stack.db('reporting_flow').pluck('state')).toEqual(['stored'])
    expect(textOf(await operator.get(PATH))).toContain('non è riuscito del tutto')
  })

  it('comes with the flows, once, and is downloaded byte for byte', async () => {
    expect(await fetchNow()).toMatchObject({ outcome: 'OK', quadratura: 'OK' })
    const first = (await stack.db('quadratura')) as { id: string; stored_at: Date }[]
    expect(first).toHaveLength(1)
    expect(await fetchNow()).toMatchObject({ outcome: 'OK', quadratura: 'OK' })
    expect(await stack.db('quadratura')).toEqual(first)
    expect(await stack.db('journal').where({ operation: 'nodoChiediQuadraturaPA' })).toHaveLength(1)
    const page = textOf(await operator.get(`${PATH}?identificativo=2026-11-28`))
    expect(page).toMatch(/2026-11-28-99999900014-Q .*Arrivato/)
    expect(textOf(await operator.get(`${PATH}?identificativo=altro`))).toContain('corrisponde alla ricerca')
    const file = await operator.download(`${PATH}/${first[0]!.id}.xml`)
    expect(file.name).toMatch(/^2026-11-28-99999900014-Q_\d{14}\.xml$/)
    expect(file.bytes.toString()).toBe(
      `<?xml version="1.0" encoding="UTF-8"?><quadratura dominio="${DOMAIN}" giorno="2026-11-28"><pagamento><flusso>2026-11-28ABI90001-1</flusso><iuv>12010000000000138</iuv><iur>IUR-12010000000000138</iur><importo>24.50</importo></pagamento></quadratura>`,
    )
    const seen = await stack.db('event').where({ kind: 'accessed', entity: 'quadratura' })
    expect(seen).toHaveLength(1)
  })

  it('of another ente is not there', async () => {
    const enteId = (await anEnte(stack.db)).id
    const { domain } = (await stack.db('ente').first({ domain: 'codice_fiscale' }).where({ id: enteId })) as {
      domain: string
    }
    const id = await aQuadratura(stack.db, { enteId, domain })
    expect((await operator.get(`${PATH}/${id}.xml`)).status).toBe(404)
  })
})
