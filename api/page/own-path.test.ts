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
])('%s becomes a path of this host', (url, own) => {
  expect(ownPath(url)).toBe(own)
  expect(new URL(ownPath(url), 'http://here.example').host).toBe('here.example')
})
