import type { Request, Response } from 'express'
import { beforeEach, expect, it } from 'vitest'
import { redirectDone, redirectWith, takeDone, takeFlash } from './flash.ts'

let session: Request['session']
const at = (path: string) => ({ session, path }) as Request
const led: [number, string][] = []
const res = {
  redirect: (status: number, href: string) => led.push([status, href]),
} as unknown as Response

beforeEach(() => {
  session = {} as Request['session']
  led.length = 0
  redirectWith(at('/enti/A/logo'), res, '/enti/A?dopo=2#logo', { key: 'broken', values: { side: 250 } })
})

it('the page of the redirect takes the message with its values, once', () => {
  expect(led).toEqual([[303, '/enti/A?dopo=2#logo']])
  expect(takeFlash(at('/enti/A'))).toMatchObject({ key: 'broken', values: { side: 250 } })
  expect(takeFlash(at('/enti/A'))).toBeUndefined()
  expect(session).toEqual({})
})

it('another page does not take it', () => {
  expect(takeFlash(at('/enti/B'))).toBeUndefined()
  expect(takeFlash(at('/enti/A'))).toMatchObject({ key: 'broken' })
})

it('what was done is told once, on its page, by the whole key of its sentence', () => {
  redirectDone(at('/x'), res, '/enti/A?iud=1', 'staff.done.enteMoved', { state: 'In esercizio' })
  expect(led.at(-1)).toEqual([303, '/enti/A?iud=1'])
  expect(takeDone(at('/enti/B'))).toBeNull()
  expect(takeDone(at('/enti/A'))).toBe('L’ente ora è “In esercizio”.')
  expect(takeDone(at('/enti/A'))).toBeNull()
})
