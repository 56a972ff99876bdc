const V4 = /^(?:::ffff:)?(\d{1,3}(?:\.\d{1,3}){3})$/i

/**
 * The part of a network address that limits count as one client. Of an IPv6 address these are the first 64 bits, because one line has all
 * addresses that begin with them. An IPv4 address stays whole, and loses the prefix `::ffff:` that an IPv6 socket gives it.
 */
export function networkOf(address = ''): string {
  const v4 = V4.exec(address)?.[1]
  if (v4 !== undefined) return v4
  const [head = '', tail] = address.toLowerCase().replace(/%.*$/, '').split('::')
  const first = groupsOf(head)
  const last = tail === undefined ? [] : groupsOf(tail)
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - first.length - last.length)
  return [...first, ...Array.from({ length: zeros }, () => '0'), ...last]
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ''))
    .join(':')
}

const groupsOf = (text: string): string[] => (text === '' ? [] : text.split(':'))
