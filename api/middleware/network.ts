const V4 = /^(?:::ffff:)?(\d{1,3}(?:\.\d{1,3}){3})$/i

/**
 * Who a limit takes for one client. Of IPv6 it is the first 64 bits, because one line has all addresses behind them;
 * IPv4 is the same address also when a socket of IPv6 writes it.
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
