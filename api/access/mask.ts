/**
 * A masked fiscal code: "BNCCHR85H52M999M" → "BNC************M". A code of fewer than six characters is masked whole. Like the other masks
 * of this file it lets support recognise a person without showing who it is.
 */
export function maskCode(code: string): string {
  if (code.length < 6) return '*'.repeat(code.length)
  return code.slice(0, 3) + '*'.repeat(code.length - 4) + code.slice(-1)
}

/** "Chiara Bianchi" → "C. B." */
export function maskName(name: string): string {
  const initials = name
    .split(/\s+/)
    .filter((word) => word !== '')
    .map((word) => `${word.slice(0, 1).toUpperCase()}.`)
  return initials.join(' ')
}

/** "chiara@example.org" → "c***@e***.org" */
export function maskAddress(address: string): string {
  const [user = '', host = ''] = address.split('@')
  const ending = host.includes('.') ? host.slice(host.lastIndexOf('.')) : ''
  return `${user.slice(0, 1)}***@${host.slice(0, 1)}***${ending}`
}
