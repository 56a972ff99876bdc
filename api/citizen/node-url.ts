/**
 * True when the host is one that the configuration lists. A URL in an answer of the node is not trusted by itself.
 * @param hosts with port
 */
export function isNodeUrl(hosts: readonly string[], url: string): boolean {
  if (!URL.canParse(url)) return false
  const { protocol, host } = new URL(url)
  return (protocol === 'https:' || protocol === 'http:') && hosts.includes(host)
}

/** The host of a URL, with its port; undefined when it is no URL. */
export const hostOf = (url: string): string | undefined => (URL.canParse(url) ? new URL(url).host : undefined)
