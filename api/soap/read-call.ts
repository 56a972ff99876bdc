import type { SchemaName } from '../../contracts/schemas.ts'
import { readSoap, type SoapRefusal } from '../../contracts/soap.ts'
import { readTree, type XmlTree } from '../../domain/wire/xml-tree.ts'

interface Reading<Operation extends string, Content> {
  schema: SchemaName
  /** The operations of the called address. */
  operations: readonly Operation[]
  request: Uint8Array
  read: (header: XmlTree, body: XmlTree, operation: Operation) => Content
}

export type Call<Operation extends string, Content> =
  { ok: true; operation: Operation; content: Content } | SoapRefusal

/**
 * Reads a call to one of our SOAP addresses. Every failure to read it counts as a fault of the sender, because the same bytes would fail
 * every time and a 5xx would make the sender repeat them (D14).
 */
export function readCall<Operation extends string, Content>({
  schema,
  operations,
  request,
  read,
}: Reading<Operation, Content>): Call<Operation, Content> {
  const message = readSoap(schema, request)
  if (!message.ok) return message
  const operation = operations.find((name) => name === message.operation)
  // The schema also contains our own answers, which are no calls. Calls must have a header.
  if (operation === undefined || message.header === undefined)
    return refuse(message.operation, 'not a question of this address')
  try {
    return {
      ok: true,
      operation,
      content: read(readTree(message.header), readTree(message.body), operation),
    }
  } catch {
    return refuse(message.operation, 'a value cannot be read')
  }
}

const refuse = (operation: string, why: string): SoapRefusal => ({
  ok: false,
  reason: 'invalid',
  operation,
  violations: [why],
})
