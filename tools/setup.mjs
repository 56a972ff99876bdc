#!/usr/bin/env node
// Sets up everything that `npm start` and `npm test` need. A step that is up to date is skipped.
// Plain JavaScript without packages, because it runs before there is a node_modules folder.
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from './setup/build.mjs'
import { install } from './setup/install.mjs'
import { withLock } from './setup/lock.mjs'
import { findTemporal } from './setup/temporal.mjs'

const OLDEST_NODE = [20, 19]

process.chdir(dirname(dirname(fileURLToPath(import.meta.url))))
try {
  checkNode()
  await withLock('setup', async () => {
    await install()
    await build()
  })
  await withLock('temporal', findTemporal)
} catch (error) {
  process.stderr.write(`\n${error instanceof Error ? error.message : String(error)}\n`)
  process.exit(1)
}

function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number)
  const isOld = major < OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor < OLDEST_NODE[1])
  if (isOld)
    throw new Error(`MyPay needs Node ${OLDEST_NODE.join('.')} or newer; this is ${process.versions.node}`)
}
