import { expect, it } from 'vitest'
import { ownPath } from './own-path.ts'

it.each([
  ['/', '/'],
  ['/avviso?ente=C_X901', '/avviso?ente=C_X901'],
  ['//elsewhere.example/x', '/elsewhere.example/x'],
  ['/\\elsewhere.example', '/elsewhere.example'],
  ['/\\//\\elsewhere.example', '/elsewhere.example'],
  ['http://elsewhere.example/', '/http://elsewhere.example/'],
  ['*', '/*'],
])('%s becomes an address of ours', (url, own) => {
  expect(ownPath(url)).toBe(own)
  expect(new URL(ownPath(url), 'http://here.example').host).toBe('here.example')
})
