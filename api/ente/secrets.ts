/** What these elements hold lets in who reads it. Each part ends at a `<`: time grows with the length, whatever was sent. */
const SECRET_ELEMENTS =
  /<((?:[\w.-]+:)?(?:password\w*|authorizationToken))\b([^<>]*)(?<!\/)>[\s\S]*?(?=<\/\1|$)/gi
const SIGNATURES = /\bfirma=[\w-]+/g

/**
 * A message as it may be kept: bytes as they came, but for passwords, tokens and signatures of links. It is not parsed, so that what
 * could not be read is kept too; what is not text of one byte a character (UTF-16) could hide a password and is not kept.
 */
export function withoutSecrets(message: Uint8Array): Uint8Array | null {
  if (message.includes(0)) return null
  const masked = Buffer.from(message)
    .toString('latin1')
    .replace(SECRET_ELEMENTS, '<$1$2>***')
    .replace(SIGNATURES, 'firma=***')
  return Buffer.from(masked, 'latin1')
}
