const MEGABYTE = 1024 * 1024

/** Bodies for paaInviaRT that attack an XML parser. One that resolves external entities would call `baitPort`. */
export function hostileBodies(baitPort: number): Record<string, string | Buffer> {
  const external = (target: string): string =>
    `<!DOCTYPE a [<!ENTITY e SYSTEM "${target}">]>${envelope('<rt>&e;</rt>')}`
  return {
    'billion laughs': `<!DOCTYPE a [${laughs()}]>${envelope('<rt>&l9;</rt>')}`,
    'external entity, file': external('file:///etc/passwd'),
    'external entity, http': external(`http://127.0.0.1:${baitPort}/`),
    'external DTD': `<!DOCTYPE a SYSTEM "http://127.0.0.1:${baitPort}/a.dtd">${envelope('<rt/>')}`,
    '100 MB': Buffer.alloc(100 * MEGABYTE, 'a'),
    'depth 100 000': envelope(`${'<a>'.repeat(100_000)}${'</a>'.repeat(100_000)}`),
    '100 000 attributes': envelope(
      `<rt ${Array.from({ length: 100_000 }, (_, index) => `a${index}=""`).join(' ')}/>`,
    ),
    'UTF-16': Buffer.from(`\ufeff${envelope('<rt/>')}`, 'utf16le'),
    'wrong charset': Buffer.from(
      `<?xml version="1.0" encoding="ISO-8859-1"?>${envelope('<rt>\u00e8</rt>')}`,
      'utf8',
    ),
    'not UTF-8': Buffer.concat([Buffer.from('<a>'), Buffer.from([0xff, 0xfe, 0x80]), Buffer.from('</a>')]),
    nothing: '',
  }
}

const envelope = (inside: string): string =>
  `<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body>${inside}</soap:Body></soap:Envelope>`

function laughs(): string {
  const levels = Array.from(
    { length: 9 },
    (_, index) => `<!ENTITY l${index + 1} "${`&l${index};`.repeat(10)}">`,
  )
  return `<!ENTITY l0 "ah">${levels.join('')}`
}
