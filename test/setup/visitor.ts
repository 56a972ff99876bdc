/** Fields of a form; as pairs when a name occurs more than once. */
export type Fields = Record<string, string> | [name: string, value: string][]

/** A browser without scripts. It keeps cookies and sends forms; it does not follow redirects by itself. */
export interface Visitor {
  get(path: string): Promise<Page>
  /** Submits the form of `page` whose action ends with `action`, with its hidden fields and `fields`. */
  submit(page: Page, action: string, fields?: Fields): Promise<Page>
  /** Sends the form of `page` whose action ends with `action`, with a file. */
  upload(page: Page, action: string, file: { name: string; bytes: Buffer }, fields?: Fields): Promise<Page>
  /** Gets a file: the status, its name and its bytes. */
  download(path: string): Promise<{ status: number; name: string; bytes: Buffer }>
  cookie(): string
}

export interface Page {
  url: string
  status: number
  html: string
  /** Absolute address of a redirect. */
  location: string | undefined
  /** Seconds to wait, from the header Retry-After. */
  retryAfter: string | null
}

/** @param given `from`: client address that a trusted proxy would send */
export function createVisitor(base: string, given: { cookie?: string; from?: string } = {}): Visitor {
  const jar = new Map<string, string>()
  for (const pair of (given.cookie ?? '').split('; ')) if (pair.includes('=')) remember(jar, pair)
  const ask = (path: string, init: RequestInit): Promise<Page> =>
    request(new URL(path, base), init, { jar, from: given.from })
  return {
    get: (path) => ask(path, { method: 'GET' }),
    submit: (page, action, fields = {}) => {
      const form = formOf(page.html, action)
      const pairs = Array.isArray(fields) ? fields : Object.entries(fields)
      const body = new URLSearchParams([
        ...Object.entries(form.hidden).filter(([name]) => !pairs.some(([given]) => given === name)),
        ...pairs,
      ])
      return ask(new URL(form.action, page.url).href, { method: 'POST', body })
    },
    upload: (page, action, { name, bytes }, fields = {}) => {
      const form = formOf(page.html, action)
      const body = new FormData()
      const pairs = Array.isArray(fields) ? fields : Object.entries(fields)
      for (const [field, value] of [...Object.entries(form.hidden), ...pairs]) body.append(field, value)
      body.append('file', new Blob([new Uint8Array(bytes)], { type: 'application/zip' }), name)
      return ask(new URL(form.action, page.url).href, { method: 'POST', body })
    },
    async download(path) {
      const response = await fetch(new URL(path, base), {
        headers: { cookie: cookieOf(jar) },
        redirect: 'manual',
      })
      const name = /filename="?([^";]+)"?/.exec(response.headers.get('content-disposition') ?? '')?.[1] ?? ''
      return { status: response.status, name, bytes: Buffer.from(await response.arrayBuffer()) }
    },
    cookie: () => cookieOf(jar),
  }
}

interface Browser {
  jar: Map<string, string>
  from: string | undefined
}

async function request(url: URL, init: RequestInit, { jar, from }: Browser): Promise<Page> {
  const headers = { cookie: cookieOf(jar), ...(from === undefined ? {} : { 'x-forwarded-for': from }) }
  const response = await fetch(url, { ...init, redirect: 'manual', headers })
  for (const line of response.headers.getSetCookie()) remember(jar, line.split(';')[0]!)
  const location = response.headers.get('location')
  return {
    url: url.href,
    status: response.status,
    html: await response.text(),
    location: location === null ? undefined : new URL(location, url).href,
    retryAfter: response.headers.get('retry-after'),
  }
}

const cookieOf = (jar: Map<string, string>): string =>
  [...jar].map(([name, value]) => `${name}=${value}`).join('; ')

function remember(jar: Map<string, string>, pair: string): void {
  const at = pair.indexOf('=')
  jar.set(pair.slice(0, at), pair.slice(at + 1))
}

export function formOf(html: string, action: string): { action: string; hidden: Record<string, string> } {
  const forms = [...html.matchAll(/<form\b[^>]*>[\s\S]*?<\/form>/g)].map((match) => match[0])
  const found = forms.find((form) => (attribute(form, 'action') ?? '').endsWith(action))
  if (!found) throw new Error(`no form for ${action} in ${html.slice(0, 400)}`)
  const hidden = [...found.matchAll(/<input\b[^>]*type="hidden"[^>]*>/g)].map((match) => [
    attribute(match[0], 'name') ?? '',
    attribute(match[0], 'value') ?? '',
  ])
  return { action: attribute(found, 'action')!, hidden: Object.fromEntries(hidden) }
}

function attribute(tag: string, name: string): string | undefined {
  const value = new RegExp(`\\b${name}="([^"]*)"`).exec(tag)?.[1]
  return value
    ?.replace(/&#x([0-9A-F]+);/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)))
    .replaceAll('&quot;', '"')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
}

/** The values of the visible fields of a form as a browser would send them. */
export function typed(page: Page): Record<string, string> {
  const inputs = [...page.html.matchAll(/<input class="mypay-input[^>]*name="([^"]+)" value="([^"]*)"/g)]
  const selects = [...page.html.matchAll(/<select[^>]*name="([^"]+)"[\s\S]*?<\/select>/g)].map((match) => [
    match[1]!,
    /<option value="([^"]*)" selected/.exec(match[0])?.[1] ?? '',
  ])
  return Object.fromEntries([...inputs.map((match) => [match[1]!, unescaped(match[2]!)]), ...selects])
}

export const unescaped = (text: string): string =>
  text
    .replace(/&#x([0-9A-F]+);/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)))
    .replaceAll('&quot;', '"')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
