import type { Knex } from 'knex'
import type { KeyRing } from '../../templates/signature.ts'
import type { Mailer } from './mailer.ts'

export interface MailDeps {
  db: Knex
  mailer: Mailer
  publicUrl: string
  linkKeys: KeyRing
  isTest: boolean
}
