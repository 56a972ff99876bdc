import { z } from 'zod'
import { neededWhen, url } from './kinds.ts'

export const databaseVariables = {
  DATABASE_URL: url.describe(
    'Address of PostgreSQL 18: `postgres://user:password@host:5432/name`. On another machine production wants `?sslmode=verify-full`.',
  ),
  DATABASE_ROLE: z
    .string()
    .min(1)
    .optional()
    .describe(
      'Role of the processes, where migrations run as another one: `workers/migrate.js` gives it the use of the tables.',
    ),
}

export const temporalVariables = {
  TEMPORAL_ADDRESS: z.string().min(1).describe('Host and port of Temporal 1.32 or newer.'),
  TEMPORAL_NAMESPACE: z.string().default('default').describe('Namespace of the durable processes.'),
  TEMPORAL_TLS_CA: z
    .string()
    .optional()
    .describe(
      'File with the CA of the server. This file, the name below or the certificate below turns TLS on.',
    ),
  TEMPORAL_TLS_SERVER_NAME: z
    .string()
    .optional()
    .describe('Name in the certificate of the server, where it is not that of the address.'),
  TEMPORAL_TLS_CERT: z.string().optional().describe('File with the certificate that we show to the server.'),
  TEMPORAL_TLS_KEY: z
    .string()
    .optional()
    .meta(neededWhen('with `TEMPORAL_TLS_CERT`', 'File with the key of that certificate.')),
  TEMPORAL_UI: url
    .optional()
    .describe(
      'Address of the Temporal UI. With it the support pages link to the process of a payment and to lists of processes.',
    ),
}

export const mailVariables = {
  SMTP_URL: z
    .string()
    .regex(/^smtps?:\/\//, 'must start with smtp:// or smtps://')
    .describe(
      'Mail server: `smtp://` or `smtps://`, user and password, host and port. On another machine production wants `smtps://` or `?requireTLS=true`.',
    ),
  MAIL_FROM: z.string().default('MyPay <noreply@mypay.example>').describe('Sender of every mail.'),
  NOTICE_MAILS_PER_MINUTE: z.coerce
    .number()
    .int()
    .positive()
    .default(600)
    .describe(
      'Notices by mail that may leave in a minute, of all enti together. Receipts and other mails are not counted and go first.',
    ),
  HELP_DESK: z.email().optional().describe('Mail address of the help desk, which the page "Aiuto" names.'),
  MAINTAINER_EMAIL: z
    .email()
    .optional()
    .describe(
      'Mail address that is told what administrators of enti change. Nobody is told when it is not set.',
    ),
}
