/** A number that is written as it is spelt, because 10.50 and 10.005 must reach the reader as they are. */
export class Spelt {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

export type Json = string | number | undefined | Spelt | Json[] | { [name: string]: Json }

/** JSON in which undefined members are left out. What is spelt like no number is written as text. */
export function writeJson(value: Json): string {
  if (value instanceof Spelt) return isNumber(value.text) ? value.text : JSON.stringify(value.text)
  if (Array.isArray(value)) return `[${value.map(writeJson).join(',')}]`
  if (typeof value !== 'object') return JSON.stringify(value)
  const members = Object.entries(value).filter(([, one]) => one !== undefined)
  return `{${members.map(([name, one]) => `${JSON.stringify(name)}:${writeJson(one)}`).join(',')}}`
}

const isNumber = (text: string): boolean => /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/.test(text)
