/**
 * Elements whose content gives access to whoever reads it. Each part of the expression stops at a `<`, so that its time grows only linearly
 * with the length, also for hostile messages.
 */
const SECRET_ELEMENTS =
  /<((?:[\w.-]+:)?(?:password\w*|authorizationToken))\b([^<>]*)(?<!\/)>[\s\S]*?(?=<\/\1|$)/gi
const SIGNATURES = /\bfirma=[\w-]+/g

/**
 * A message for the journal: the bytes as they came, with passwords, tokens and signatures of links replaced by `***`. It is not parsed,
 * because unreadable messages are journalled too.
 * @returns null for a message with zero bytes (UTF-16), because a password in it would not be found
 */
export function withoutSecrets(message: Uint8Array): Uint8Array | null {
  if (message.includes(0)) return null
  const masked = Buffer.from(message)
    .toString('latin1')
    .replace(SECRET_ELEMENTS, '<$1$2>***')
    .replace(SIGNATURES, 'firma=***')
  return Buffer.from(masked, 'latin1')
}
