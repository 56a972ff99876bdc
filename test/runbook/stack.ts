import { testFiles } from '../setup/files.ts'
import { KEYS } from '../setup/keys.ts'
import { Client } from '@temporalio/client'
import type { TestWorkflowEnvironment } from '@temporalio/testing'
import type { Knex } from 'knex'
import type { Delivery, OutgoingMail } from '../../activities/mail/mailer.ts'
import { createProcesses, PATIENCE, type Patience, type Processes } from '../../workflows/processes.ts'
import { STATION } from '../setup/begun.ts'
import { testDatabase } from '../setup/database.ts'
import { startWorkers, testNamespace } from '../setup/engine.ts'
import { standInNode, type StandInNode } from '../setup/stand-in-node.ts'
import { testTemporal } from '../setup/temporal.ts'

/** A mail server that accepts every mail, unless `answers` has its next answers. */
export interface StandInMailer {
  taken: OutgoingMail[]
  answers: Delivery[]
}

/** The engine with everything that the runbook is about: a worker that stops, a store that is lost, neighbours that fail. */
export interface Stack {
  db: Knex
  env: TestWorkflowEnvironment
  node: StandInNode
  mails: StandInMailer
  processes: Processes
  /** Client of Temporal, for tests that look at processes or change them there. */
  client: Client
  /** Processes with other waits, on the same engine. */
  processesWith(patience: Patience): Processes
  stopWorker(): Promise<void>
  startWorker(): Promise<void>
  /** Moves the worker to an empty store, like after the loss of the old one's disk. */
  loseStore(): Promise<void>
  stop(): Promise<void>
}

export const QUICK_MAILS: Patience = { ...PATIENCE, mail: { initial: 100, max: 200 } }

export async function startStack(): Promise<Stack> {
  const [env, database] = await Promise.all([testTemporal(), testDatabase()])
  const node = standInNode()
  const mails: StandInMailer = { taken: [], answers: [] }
  let namespace = await testNamespace(env)
  const startWorker = () =>
    startWorkers(env, namespace, {
      db: database.db,
      node,
      mailer: {
        send: async (mail, mayHandOver) =>
          (await mayHandOver()) ? takeMail(mails, mail) : { kind: 'not_ours' },
      },
      station: STATION,
      publicUrl: 'http://localhost:3000',
      linkKeys: KEYS.link,
      isTest: true,
      files: testFiles(),
    })
  const clientOf = () => new Client({ connection: env.connection, namespace })
  const processesWith = (patience: Patience) => createProcesses(clientOf(), patience)
  let worker: { stop(): Promise<void> } | undefined = await startWorker()
  const stack: Stack = {
    db: database.db,
    env,
    node,
    mails,
    client: clientOf(),
    processes: processesWith(QUICK_MAILS),
    processesWith,
    async stopWorker() {
      await worker?.stop()
      worker = undefined
    },
    async startWorker() {
      worker ??= await startWorker()
    },
    async loseStore() {
      await stack.stopWorker()
      namespace = await testNamespace(env)
      stack.client = clientOf()
      stack.processes = processesWith(QUICK_MAILS)
      await stack.startWorker()
    },
    async stop() {
      await stack.stopWorker()
      await database.drop()
      await env.teardown()
    },
  }
  return stack
}

function takeMail(mails: StandInMailer, mail: OutgoingMail): Delivery {
  const answer = mails.answers.shift() ?? { kind: 'sent', answer: '250' }
  if (answer.kind === 'sent') mails.taken.push(mail)
  return answer
}
