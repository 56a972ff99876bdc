import { z } from 'zod'
import { exceptionNames } from '../exceptions.ts'
import { list, listOr, port } from './kinds.ts'

export const processVariables = {
  NODE_ENV: z
    .enum(['development', 'test', 'production'])
    .default('development')
    .describe('`production` refuses what is fine for trying out: see [security](security.md#production).'),
  ACCEPT_INSECURE: list
    .pipe(exceptionNames)
    .describe(
      'Names, divided by commas, of what production would refuse and shall accept; each is a warning at each start.',
    ),
  NODE_TLS_REJECT_UNAUTHORIZED: z
    .string()
    .optional()
    .describe('A variable of Node: with `0` no certificate is checked, so production refuses it.'),
  LOG_LEVEL: z
    .enum(['debug', 'info', 'warn', 'error'])
    .default('info')
    .describe('The least serious messages that are logged: `debug`, `info`, `warn` or `error`.'),
  WORKER_QUEUES: listOr(['payments', 'nodo', 'mail']).describe(
    'Task queues of this worker, divided by commas. `flows` is the fourth: give it a worker of its own, because files keep it busy.',
  ),
  ADMIN_PORT: port.default(3002).describe('Port of health and metrics.'),
  ADMIN_HOST: z
    .string()
    .min(1)
    .default('127.0.0.1')
    .describe(
      'Address on which health and metrics listen. They are for this machine, unless an orchestrator asks from elsewhere.',
    ),
  LIMIT_FACTOR: z.coerce
    .number()
    .positive()
    .default(1)
    .describe(
      'Multiplies every rate limit, because tests of load come from one address; production refuses any other value than 1.',
    ),
  PATIENCE: z
    .string()
    .optional()
    .describe('JSON with shorter waits for tests of faults and measurements; production refuses it.'),
}
