import { createHash } from 'node:crypto'
import { readFileSync, readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { SchemaName } from '../schemas.ts'
import { edgesOf } from './edges.ts'
import { mutate } from './mutate.ts'
import { readSample, writeSample } from './sample.ts'
import { typedOf, typedThroughout, type Typed } from './types.ts'

/** One message to validate. `from` describes how to make it again, for the person who investigates a disagreement. */
export type Case = { from: string; bytes: Uint8Array; key: string }

export const SCHEMAS: readonly SchemaName[] = [
  'rpt-rt',
  'nodo-per-pa',
  'pa-per-nodo',
  'pa-per-nodo-pagamento-psp',
  'pa-per-ente',
]
const MUTANTS = 300

/** Samples that the official schema refuses because `esito` is missing beside the fault. readSoap accepts them. */
export const INVALID_SAMPLES: readonly string[] = ['nodoChiediStatoRPTRisposta-fault-only.xml']

const folder = fileURLToPath(new URL('../../test/fixtures/contracts/', import.meta.url))

/** Verdicts of the official schemas: a line per message, with its key and 1 (valid) or 0. */
export const verdictsFile = `${folder}verdicts.txt`

export function sampleFiles(): { schema: SchemaName; file: string }[] {
  return SCHEMAS.flatMap((schema) =>
    readdirSync(folder + schema)
      .sort()
      .map((file) => ({ schema, file })),
  )
}

function readSampleFile(schema: SchemaName, file: string): Uint8Array {
  return readFileSync(`${folder}${schema}/${file}`)
}

/** The sample as it is, then its mutants. */
export function casesOf(schema: SchemaName, file: string): Case[] {
  const bytes = readSampleFile(schema, file)
  const sample = readSample(bytes)
  const seed = createHash('sha256').update(`${schema}/${file}`).digest().readUInt32LE()
  const mutants = Array.from({ length: MUTANTS }, (_, i) => {
    const { kind, mutant } = mutate(sample, seed + i)
    return toCase(schema, `${kind} (seed ${seed + i})`, Buffer.from(writeSample(mutant)))
  })
  return [toCase(schema, 'unchanged', bytes), ...mutants]
}

/**
 * For every element of a schema, in the first sample that has it: one case per value in VALUES and length in LENGTHS.
 */
export function edgeCasesOf(schema: SchemaName): Case[] {
  const seen = new Set<string>()
  const files = sampleFiles().filter((one) => one.schema === schema)
  return files.flatMap(({ file }) =>
    edgesOf(readSample(readSampleFile(schema, file)), seen).map(({ from, text }) =>
      toCase(schema, `${file}: ${from}`, Buffer.from(text)),
    ),
  )
}

/** For every element of a schema, in the first sample that has it: one case per type that we try as its `xsi:type`. */
export function typedCasesOf(schema: SchemaName): (Case & Pick<Typed, 'place' | 'type'>)[] {
  const seen = new Set<string>()
  const files = sampleFiles().filter((one) => one.schema === schema && !INVALID_SAMPLES.includes(one.file))
  return files.flatMap(({ file }) =>
    typedOf(schema, readSample(readSampleFile(schema, file)), seen).map(({ from, text, place, type }) => ({
      ...toCase(schema, `${file}: ${from}`, Buffer.from(text)),
      place,
      type,
    })),
  )
}

/** A sample with `xsi:type` on every element. */
export function typedSample(
  { schema, file }: { schema: SchemaName; file: string },
  typeOf: (place: string) => Typed['type'] | undefined,
): Uint8Array {
  return Buffer.from(typedThroughout(readSample(readSampleFile(schema, file)), typeOf))
}

/** 72 bits of SHA-256 are enough to distinguish twenty thousand messages, and keep the fixture small. */
function toCase(schema: SchemaName, from: string, bytes: Uint8Array): Case {
  const key = createHash('sha256').update(`${schema}\n`).update(bytes).digest('base64url').slice(0, 12)
  return { from, bytes, key }
}
