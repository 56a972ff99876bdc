import { existsSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'

const CONDITIONS = ['service_started', 'service_healthy', 'service_completed_successfully'] as const

/** The part of the Compose specification that we use. Any other key fails, because it is probably misspelt; add it here. */
const Service = z.strictObject({
  image: z.string().regex(/^[\w./-]+(:[\w.${}:-]+)?$/),
  build: z.string().optional(),
  restart: z.enum(['unless-stopped', 'on-failure']).optional(),
  command: z.array(z.string()).optional(),
  entrypoint: z.array(z.string()).optional(),
  environment: z.record(z.string().regex(/^[A-Z_]+$/), z.string()).optional(),
  ports: z.array(z.string().regex(/^127\.0\.0\.1:\d+:\d+$/)).optional(),
  volumes: z.array(z.string().regex(/^(\.?[\w./-]+):\/[\w./-]+(:ro)?$/)).optional(),
  healthcheck: z
    .strictObject({ test: z.array(z.string()), interval: z.string(), retries: z.number() })
    .optional(),
  depends_on: z.record(z.string(), z.strictObject({ condition: z.enum(CONDITIONS) })).optional(),
})
const Compose = z.strictObject({
  name: z.string(),
  'x-mypay': z.unknown(),
  services: z.record(z.string(), Service),
  volumes: z.record(z.string(), z.null()),
})

const compose = Compose.parse(parse(readFileSync('docker-compose.yml', 'utf8'), { merge: true }))
const services = Object.entries(compose.services)
const dockerfile = readFileSync('Dockerfile', 'utf8')

test.each(services)('%s waits only for conditions that the other service can reach', (_name, service) => {
  for (const [name, { condition }] of Object.entries(service.depends_on ?? {})) {
    const awaited = compose.services[name]
    expect(awaited, name).toBeDefined()
    if (condition === 'service_healthy') expect(awaited?.healthcheck, name).toBeDefined()
    if (condition === 'service_completed_successfully')
      expect(awaited?.restart, name).not.toBe('unless-stopped')
  }
})

test.each(services)('%s mounts only files and volumes that exist', (_name, service) => {
  for (const volume of service.volumes ?? []) {
    const source = volume.split(':')[0]!
    expect(source.startsWith('.') ? existsSync(source) : source in compose.volumes, source).toBe(true)
  }
})

test.each(services.filter(([, service]) => service.build))(
  '%s runs a program that the build produces',
  (_name, service) => {
    const program = service.command?.at(-1) ?? 'dist/workers/api.js'
    expect(existsSync(program.replace(/^dist\/(.*)\.js$/, '$1.ts')), program).toBe(true)
  },
)

test('every part of npm start is a service', () => {
  expect(Object.keys(compose.services)).toEqual(
    expect.arrayContaining([
      'postgres',
      'temporal',
      'simulator',
      'migrate',
      'api',
      'worker-payments',
      'worker-flows',
    ]),
  )
})

test('the image is glibc, made in two stages, and does not run as root', () => {
  expect(dockerfile.match(/^FROM \S+/gm)).toEqual([
    'FROM node:24-bookworm-slim',
    'FROM node:24-bookworm-slim',
  ])
  expect(dockerfile).toMatch(/^USER node$/m)
  expect(dockerfile.lastIndexOf('USER node')).toBeGreaterThan(dockerfile.lastIndexOf('RUN '))
})

test('only migrations connect as the owner of the tables', () => {
  const roleOf = (name: string) => new URL(compose.services[name]!.environment!['DATABASE_URL']!).username
  const { migrate, postgres } = compose.services
  expect(roleOf('migrate')).toBe(postgres!.environment!['POSTGRES_USER'])
  const role = migrate!.environment!['DATABASE_ROLE']!
  for (const name of ['api', 'worker-payments', 'worker-flows']) expect(roleOf(name)).toBe(role)
  const script = readFileSync('deploy/postgres-role.sh', 'utf8')
  expect(script).toContain(`create role ${role} login nosuperuser`)
})
