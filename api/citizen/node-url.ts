/** We send browsers only to hosts the installation names: a URL in an answer is not enough. */
export function isNodeUrl(hosts: readonly string[], url: string): boolean {
  if (!URL.canParse(url)) return false
  const { protocol, host } = new URL(url)
  return (protocol === 'https:' || protocol === 'http:') && hosts.includes(host)
}

export const hostOf = (url: string): string | undefined => (URL.canParse(url) ? new URL(url).host : undefined)
