import { describe, expect, it } from 'vitest'
import { possibleIuvs, readIds } from './ids.ts'

const ID = '2025-07-14ABI99999-0000000000012'
const POSTAL = '2025-07-15POSTITR9XXX-S000000042'
const HASH = '10c4f341267947ec750b13d3bb4b49b7'
const RF = 'RF23567483937849450550875'
const IUV = '12000000000000119'
/** Others of the ente, some nearly the same. */
const FLOWS = [ID, POSTAL, HASH, '2025-07-14ABI99999-0000000000021', '2025-07-14ABI99998-0000000000007']
const IUVS = [RF, IUV, '12000000000000220']
const read = (text: string) => readIds(text, { flows: FLOWS, iuvs: IUVS })

describe('the id of a flow is found whole', () => {
  it.each([
    ['1, old', `/PUR/LGPE-RIVERSAMENTO/URI/${ID}`, ID],
    ['1, with its number', `/PUR/LGPE-RIVERSAMENTO/TXT/0/URI/${ID}`, ID],
    ['2', `/PUR/LGPE-RIVERSAMENTO/1/URI/${ID}`, ID],
    ['3', `PUR LGPE-RIVERSAMENTO URI ${ID}`, ID],
    ['4, blank after the dash', `/PUR/LGPE- RIVERSAMENTO/URI/${ID}`, ID],
    ['4, blank before the dash', `/PUR/LGPE -RIVERSAMENTO/URI/${ID}`, ID],
    ['4, blanks around the dash', `/PUR/LGPE - RIVERSAMENTO/URI/${ID}`, ID],
    ['4, blank in the word', `/PUR/L GPE-RIVERSAMENTO/URI/${ID}`, ID],
    ['5, before the day', '/PUR/LGPE-RIVERSAMENTO/URI/2025-07- 14ABI99999-0000000000012', ID],
    ['5, in the day', '/PUR/LGPE-RIVERSAMENTO/URI/2025-07-1 4ABI99999-0000000000012', ID],
    ['6', 'ACCREDITI VARI /PUR/LGPE-RIVERSAMENTO/URI/2025-07-14 ABI99999-0000000000012', ID],
    ['7', `/PUR/LGPE-RIVERSAMENTO/URI/${HASH.toUpperCase()}`, HASH],
    ['8', `ACCREDITO INCASSI X/PUR/LGPE-RIVERSAMENTO/URI/${ID}`, ID],
    ['9', `RI1/PUR/LGPE-RIVERSAMENTO/URI/${POSTAL} ACCREDITO BOLLETTINO`, POSTAL],
    ['10', `:BI2:ABCDITMM :RI3:/PUR/LGPE-RIVERSAMENTO/URI/${ID} :SEC:`, ID],
    ['11', `/ZZ2PSP SPA/ZZ3ENTE/PUR/LGPE-RIVERSAMENTO/URI/${ID}/ZZ4/41`, ID],
    ['12', `NOT PROVIDED RIVERSAMENTO/URI/${ID}- Banca SPA`, ID],
    ['13', 'URI/10c4f341267947ec 750b13d3bb4b49b7 /BON.SEPA', HASH],
    ['a line break in it', `/URI/2025-07-14ABI9\r\n9999-0000000000012`, ID],
  ])('%s', (_, text, id) => {
    expect(read(text)).toEqual({ flows: [id], iuvs: [], near: [], isPagoPa: true })
  })
})

describe('the IUV of a single transfer is found', () => {
  it.each([
    ['14', '/RFS/RF23 5674 8393 7849 4505 5087 5/45.56', RF],
    ['15', `RFB ${IUV} 24.50`, IUV],
    ['as it must be', `/RFB/${IUV}/24.50/TXT/MENSA`, IUV],
  ])('%s', (_, text, iuv) => {
    expect(read(text)).toEqual({ flows: [], iuvs: [iuv], near: [], isPagoPa: true })
  })

  it('but not without its sign before it', () => {
    expect(read(`BONIFICO ${IUV}`)).toEqual({ flows: [], iuvs: [], near: [], isPagoPa: false })
  })

  it('every beginning of what follows may be one, up to 35 characters', () => {
    expect(possibleIuvs(`RFB/${'1'.repeat(40)}`).map(({ length }) => length)).toEqual(
      Array.from({ length: 31 }, (_, at) => at + 5),
    )
    expect(possibleIuvs('RFB/1234')).toEqual([])
  })
})

describe('what is cut or damaged is near, and not sure', () => {
  it.each([
    ['16, cut after one character: near to nothing', '/PUR/LGPE-RIVERSAMENTO/URI/2', []],
    [
      'cut in the number',
      `/PUR/LGPE-RIVERSAMENTO/URI/${ID.slice(0, 25)}`,
      [
        { id: ID, reason: 'cut' },
        { id: '2025-07-14ABI99999-0000000000021', reason: 'cut' },
      ],
    ],
    ['a letter is wrong', `/URI/${POSTAL.replace('TITR', 'TXTR')}`, [{ id: POSTAL, reason: 'letter' }]],
    ['two letters are swapped', `/URI/${POSTAL.replace('POST', 'PSOT')}`, [{ id: POSTAL, reason: 'letter' }]],
    [
      'swapped where the parts meet',
      `/URI/${HASH.slice(0, 10)}${HASH[11]}${HASH[10]}${HASH.slice(12)}`,
      [{ id: HASH, reason: 'letter' }],
    ],
    ['a letter is missing', `/URI/${POSTAL.replace('9XXX', '9XX')}`, [{ id: POSTAL, reason: 'letter' }]],
    ['the first letter is missing', `URI/${HASH.slice(1)} X`, [{ id: HASH, reason: 'letter' }]],
    ['the second letter is missing', `URI/1${HASH.slice(2)} X`, [{ id: HASH, reason: 'letter' }]],
    ['the second letter is twice', `URI/10${HASH.slice(1)} X`, [{ id: HASH, reason: 'letter' }]],
    ['a letter too many', `/URI/${POSTAL.replace('POST', 'POOST')}`, [{ id: POSTAL, reason: 'letter' }]],
    ['two letters are wrong: near to nothing', `/URI/${POSTAL.replace('TITR', 'TXXR')}`, []],
    ['the whole id of another flow: near to nothing', '/URI/2025-07-14ABI99999-0000000000345', []],
  ])('%s', (_, text, near) => {
    expect(read(text)).toEqual({ flows: [], iuvs: [], near, isPagoPa: true })
  })
})

it('of nested ids the longest one counts, and both where each stands alone', () => {
  const [short, long] = ['2025-07-14X-1', '2025-07-14X-12']
  const flows = (text: string) => readIds(text, { flows: [short, long], iuvs: [] }).flows
  expect(flows(`/URI/${long}`)).toEqual([long])
  expect(new Set(flows(`/URI/${short}/URI/${long}`))).toEqual(new Set([short, long]))
})

it('a text of something else says nothing', () => {
  expect(read('VERSAMENTO DEPOSITO CAUZIONALE GARA 12')).toEqual({
    flows: [],
    iuvs: [],
    near: [],
    isPagoPa: false,
  })
  expect(read('')).toEqual({ flows: [], iuvs: [], near: [], isPagoPa: false })
})
