import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { iuv17 } from '../../domain/iuv.ts'
import { CHIARA, FORM, RIGHTS, startSite, textOf, type Site } from '../setup/citizen-site.ts'
import type { Page } from '../setup/visitor.ts'

let site: Site

beforeAll(async () => {
  site = await startSite({ limitFactor: 10_000 })
})
afterAll(() => site.close())

const link = (progressive: number, anagrafica: string, ente = 'C_X902'): string =>
  `/public/landing/legacy/avviso?${new URLSearchParams({
    iuv: iuv17({ segregationCode: '22', progressive }),
    ente,
    anagrafica,
  }).toString()}`

/** Everything of an answer that a stranger can compare, and the statements that it took. */
async function measured(ask: () => Promise<Page>): Promise<object> {
  const asked: string[] = []
  const listen = ({ sql }: { sql: string }): void => void asked.push(sql)
  site.db.on('query', listen)
  const page = await ask()
  site.db.off('query', listen)
  const text = textOf(page).replace(/[0-9a-f-]{36}/g, '')
  return { status: page.status, to: page.location, text, asked }
}

describe('a stranger learns nothing', () => {
  it('of a number from its link: an unknown one, one of another ente and one of another name get the same answer at the same cost', async () => {
    const strange = [
      link(99_999, 'Chiara Bianchi'),
      link(1, 'Mario Rossi'),
      link(1, 'Chiara Bianchi', 'C_X903'),
    ]
    const answers = []
    for (const path of strange) answers.push(await measured(() => site.visitor().get(path)))
    expect(answers[1]).toEqual(answers[0])
    expect(answers[2]).toEqual(answers[0])
    expect(answers[0]).toMatchObject({ status: 404 })
    expect((await site.visitor().get(link(1, 'Chiara Bianchi'))).status).toBe(303)
  })

  it('from the time of such an answer', async () => {
    const paths = [link(99_999, 'Chiara Bianchi'), link(1, 'Mario Rossi')]
    const times: number[][] = [[], []]
    const visitor = site.visitor()
    for (let round = 0; round < 60; round++)
      for (const [index, path] of paths.entries()) {
        const start = performance.now()
        await visitor.get(path)
        times[index]!.push(performance.now() - start)
      }
    const [unknown, known] = times.map((list) => list.toSorted((a, b) => a - b)[30]!)
    expect(unknown! / known!).toBeGreaterThan(0.7)
    expect(unknown! / known!).toBeLessThan(1.4)
  })

  it('of an e-mail address: one with an account and one without get the same answer at the same cost', async () => {
    await site
      .db('citizen_account')
      .insert({ codice_fiscale: 'SPSLCU71S03M999T', email: 'known@example.org' })
    const ask = async (email: string): Promise<object> => {
      const visitor = site.visitor()
      const form = await visitor.get(FORM)
      return measured(() => visitor.submit(form, FORM, { ...RIGHTS, ...CHIARA, 'e-mail': email }))
    }
    const known = await ask('known@example.org')
    expect(await ask('nobody@example.org')).toEqual(known)
    expect(known).toMatchObject({ status: 303, to: `${site.url}/mail-inviata` })
  })

  it('of an ente that is not open from any of its addresses', async () => {
    await site
      .db('ente')
      .where({ cod_ipa: 'C_X903' })
      .update({ state: 'PRE-ESERCIZIO', adhesion: ['base'], test_token: 'a-token' })
    const paths = (ente: string): string[] => [
      `/enti/${ente}`,
      `/enti/${ente}?prova=guess`,
      `/enti/${ente}/spontaneo/UTILIZZO_LOCALI`,
      `/landing/ente?codIpaEnte=${ente}`,
      `/landing/spontaneo?codIpaEnte=${ente}&codTipo=UTILIZZO_LOCALI`,
    ]
    const hidden = paths('C_X903')
    for (const [index, unknown] of paths('C_X999').entries()) {
      const answer = await measured(() => site.visitor().get(hidden[index]!))
      expect([hidden[index], answer]).toEqual([
        hidden[index],
        await measured(() => site.visitor().get(unknown)),
      ])
      expect(answer).toMatchObject({ status: 404 })
    }
  })
})
