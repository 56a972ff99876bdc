import { describe, expect, it } from 'vitest'
import { readOpi } from './opi.ts'
import { judgePages } from './pages.ts'
import { journal, journalMovement } from './testing/journal.ts'
import { bytesOf, readAll, refusalOf } from './testing/read.ts'

const ENTE = { codiceFiscale: '99999900014' }
const read = (document: string | Uint8Array, size?: number) => readAll(readOpi(bytesOf(document, size), ENTE))
const refused = (document: string | Uint8Array, size?: number) =>
  refusalOf(readOpi(bytesOf(document, size), ENTE))
const one = async (given: Record<string, string>) =>
  (await read(journal(journalMovement(given)))).movements[0]

describe('what a movement does', () => {
  it.each([
    ['SOSPESO ENTRATA', 'ESEGUITO', 'credit'],
    ['SOSPESO ENTRATA', 'STORNATO', 'storno'],
    ['SOSPESO ENTRATA', 'REGOLARIZZATO', 'settled'],
    ['SOSPESO ENTRATA', 'RIPRISTINATO', 'released'],
    ['REVERSALE', 'RIPRISTINATO', 'released'],
    ['REVERSALE', 'STORNATO', 'released'],
    ['REVERSALE', 'ESEGUITO', undefined],
    ['GIROCONTO', 'ESEGUITO', undefined],
    ['MANDATO', 'ESEGUITO', undefined],
  ])('%s %s: %s', async (tipo_documento, tipo_operazione, act) => {
    expect((await one({ tipo_documento, tipo_operazione }))?.act).toBe(act)
  })

  it('what goes out is passed over, whatever it lacks', async () => {
    const all = await read(journal(journalMovement({ tipo_movimento: 'USCITA', importo: '' })))
    expect([all.movements, all.faults, all.passed]).toEqual([[], [], 1])
  })

  it('what is taken back counts without its sign, which banks write as they like', async () => {
    const cents = async (importo: string) => (await one({ tipo_operazione: 'STORNATO', importo }))?.cents
    expect([await cents('-500.00'), await cents('500.00'), await cents('0500.0')]).toEqual([
      50000, 50000, 50000,
    ])
  })

  it('a value day that is missing is the day of the accounts; 0 is no bolletta', async () => {
    expect(await one({ numero_bolletta_quietanza: '0' })).toMatchObject({
      valueOn: '2025-07-15',
      bolletta: null,
    })
    expect(await one({ data_valuta_ente: '2025-07-17' })).toMatchObject({ valueOn: '2025-07-17' })
  })

  it('the number of a sospeso counts as an integer', async () => {
    const [plain, padded] = [
      await one({ numero_documento: '7' }),
      await one({ numero_documento: '0000000007' }),
    ]
    expect(padded?.key).toBe(plain?.key)
  })

  it('any tipo_esecuzione is read, also one of a later version', async () => {
    expect((await one({ tipo_esecuzione: 'SOMETHING NEW' }))?.act).toBe('credit')
  })

  it('1.4 names one sospeso, 1.6 up to a thousand', async () => {
    const of = { tipo_documento: 'REVERSALE', tipo_operazione: 'REGOLARIZZATO' }
    expect((await one({ ...of, numero_sospeso: '0001190' }))?.sospesi).toEqual([
      { number: '1190', cents: null },
    ])
    const extra = ['3', '04'].map(
      (n) =>
        `<sospeso><numero_provvisorio>${n}</numero_provvisorio><importo_provvisorio>1.00</importo_provvisorio></sospeso>`,
    )
    expect((await one({ ...of, extra: extra.join('') }))?.sospesi).toEqual([
      { number: '3', cents: 100 },
      { number: '4', cents: 100 },
    ])
  })

  it('a reference that says that there is none is none', async () => {
    expect((await one({ end_to_end_id: 'NOTPROVIDED' }))?.endToEndId).toBeNull()
  })
})

describe('a row that cannot be read is listed, and the others are read', () => {
  it.each([
    ['importo', '10,50', 'amount'],
    ['importo', '10.505', 'amount'],
    ['importo', '-10.50', 'negative'],
    ['importo', '', 'missing'],
    ['data_movimento', '2025-02-30', 'day'],
    ['data_valuta_ente', '15/07/2025', 'day'],
    ['tipo_operazione', 'ANNULLATO', 'kind'],
    ['tipo_documento', 'SOSPESO', 'kind'],
    ['numero_documento', '12A', 'number'],
  ])('%s "%s": %s', async (field, value, code) => {
    const all = await read(
      journal(journalMovement({ [field]: value }) + journalMovement({ numero_documento: '8' })),
    )
    expect(all.movements.map(({ number }) => number)).toEqual(['8'])
    expect(all.faults.map((fault) => [fault.code, fault.field, fault.value])).toEqual([[code, field, value]])
    expect(all.faults[0]!.place).toEqual({ line: 4, page: null, number: 1 })
  })
})

describe('the whole file', () => {
  it('of another ente is refused, also when it says nothing', async () => {
    expect(await refused(journal('', { codiceFiscale: '99999900022' }))).toEqual({
      kind: 'other_ente',
      found: '99999900022',
    })
    expect(await refused('<flusso_giornale_di_cassa/>')).toEqual({ kind: 'other_ente', found: '' })
  })

  it('its prefixes and namespaces do not count', async () => {
    const document = journal(journalMovement()).replace(/<(\/?)(\w)/g, '<$1a:$2')
    expect((await read(document)).movements).toHaveLength(1)
  })

  it.each(['ISO-8859-15', 'windows-1252', 'UTF-8'])(
    'its encoding is the one it declares: %s',
    async (name) => {
      const document = `<?xml version="1.0" encoding="${name}"?>${journal(journalMovement({ causale: 'PERCHÉ €' }))}`
      const marks: Record<string, string> = { '€': name === 'ISO-8859-15' ? '\u00a4' : '\u0080' }
      const bytes =
        name === 'UTF-8'
          ? Buffer.from(document)
          : Buffer.from(
              document.replace(/€/g, (mark) => marks[mark]!),
              'latin1',
            )
      expect((await read(bytes)).movements[0]?.text).toBe('PERCHÉ €')
    },
  )

  it('UTF-16 is read by its mark', async () => {
    const bytes = Buffer.from(
      `\ufeff<?xml version="1.0" encoding="UTF-16"?>${journal(journalMovement())}`,
      'utf16le',
    )
    expect((await read(bytes, 3)).movements).toHaveLength(1)
  })

  it('is read the same in parts of any size', async () => {
    const document = journal(journalMovement({ causale: 'è'.repeat(50) }))
    const whole = await read(document, 1_000_000)
    for (const size of [1, 2, 3, 5, 1025]) expect(await read(document, size)).toEqual(whole)
  })
})

describe('hostile documents are refused, and say nothing of what they hold', () => {
  const inside = journal(journalMovement())
  it.each([
    ['a definition', `<!DOCTYPE a [<!ENTITY b "c">]>${inside}`, { kind: 'doctype' }],
    [
      'an entity that nobody defined',
      journal(journalMovement({ causale: '&b;' })),
      { kind: 'unreadable', line: 4 },
    ],
    ['depth', journal('<a>'.repeat(100) + '</a>'.repeat(100)), { kind: 'too_deep' }],
    [
      'one text of two megabytes',
      journal(journalMovement({ causale: 'x'.repeat(2 * 1024 ** 2) })),
      { kind: 'too_long' },
    ],
    ['a comment of two megabytes', `<!--${'x'.repeat(2 * 1024 ** 2)}-->${inside}`, { kind: 'too_long' }],
    [
      'an element of two megabytes',
      journal(`<movimento_conto_evidenza>${'<a/>'.repeat(600_000)}</movimento_conto_evidenza>`),
      { kind: 'too_long' },
    ],
    ['no end', inside.slice(0, -10), { kind: 'unreadable', line: 4 }],
    ['another document', '<html/>', { kind: 'not_known' }],
    ['no document', 'hello', { kind: 'unreadable', line: 1 }],
    ['nothing', '', { kind: 'unreadable', line: 1 }],
    [
      'an encoding that nobody knows',
      `<?xml version="1.0" encoding="EBCDIC"?>${inside}`,
      { kind: 'encoding' },
    ],
    [
      'a wide encoding over narrow bytes',
      `<?xml version="1.0" encoding="UTF-16"?>${inside}`,
      { kind: 'encoding' },
    ],
  ])('%s', async (_, document, refusal) => {
    expect(await refused(document, 4096)).toEqual(refusal)
  })

  it('bytes that are not in the declared encoding', async () => {
    expect(await refused(Buffer.from(journal(journalMovement({ causale: 'é' })), 'latin1'))).toEqual({
      kind: 'encoding',
    })
  })
})

describe('pages', () => {
  const of = (...pages: readonly (readonly [number | null, number | null])[]) =>
    judgePages(pages.map(([page, total]) => ({ page, pages: total })))

  it('come in any order, each once', () => {
    expect(of([2, 2], [1, 2])).toBeUndefined()
    expect(of([1, 1])).toBeUndefined()
    expect(of([null, null])).toBeUndefined()
  })

  it('are missed and found twice', () => {
    expect(of([1, 3], [3, 3])).toEqual({ kind: 'pages', missing: [2], doubled: [] })
    expect(of([1, 2], [2, 2], [2, 2])).toEqual({ kind: 'pages', missing: [], doubled: [2] })
    expect(of([null, null], [null, null])).toEqual({ kind: 'pages', missing: [], doubled: [1] })
    expect(of([3, 2], [1, 2], [2, 2])).toEqual({ kind: 'pages', missing: [], doubled: [3] })
  })

  it('of an absurd number are not counted up', () => {
    expect(of([1, 9_999_999])?.kind).toBe('pages')
  })
})
