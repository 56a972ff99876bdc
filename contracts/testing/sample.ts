import { parseXml } from '../xml.ts'
import { XmlElement, type XmlDocument } from 'libxml2-wasm'

/** A message as a tree of plain values: easy to damage, and always written in the same way. */
export type Sample = { name: string; attributes: [string, string][]; children: Sample[]; text: string }

/** @throws Error when the bytes are not XML, because samples are ours and must be. */
export function readSample(bytes: Uint8Array): Sample {
  const reading = parseXml(bytes)
  if (!reading.ok) throw new Error(`sample is ${reading.refusal.kind}`)
  try {
    return toSample((reading.doc satisfies XmlDocument).root)
  } finally {
    reading.doc.dispose()
  }
}

export function writeSample(sample: Sample): string {
  const attributes = sample.attributes.map(([name, value]) => ` ${name}="${escape(value)}"`).join('')
  const content = escape(sample.text) + sample.children.map(writeSample).join('')
  return `<${sample.name}${attributes}>${content}</${sample.name}>`
}

export function everyElement(sample: Sample): Sample[] {
  return [sample, ...sample.children.flatMap(everyElement)]
}

function toSample(element: XmlElement): Sample {
  const children: Sample[] = []
  for (let child = element.firstChild; child; child = child.next) {
    if (child instanceof XmlElement) children.push(toSample(child))
  }
  return {
    name: element.prefix ? `${element.prefix}:${element.name}` : element.name,
    attributes: [...declarationsOf(element), ...attributesOf(element)],
    children,
    text: children.length > 0 ? '' : element.content,
  }
}

function declarationsOf(element: XmlElement): [string, string][] {
  const declared = Object.entries(element.nsDeclarations)
  return declared.map(([prefix, uri]) => [prefix ? `xmlns:${prefix}` : 'xmlns', uri])
}

function attributesOf(element: XmlElement): [string, string][] {
  return element.attrs.map((a) => [a.prefix ? `${a.prefix}:${a.name}` : a.name, a.value])
}

function escape(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('"', '&quot;')
    .replaceAll('\r', '&#13;')
}
