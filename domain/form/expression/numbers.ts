import { ExpressionError, tokensOf } from './parse.ts'

/** A number that is written in an expression, with its place in the text. */
export interface Numeral {
  text: string
  start: number
}

/** The numbers of an expression, in order of their places; none when the expression cannot be read. */
export function numeralsOf(expression: string): Numeral[] {
  try {
    return tokensOf(expression)
      .filter(({ kind }) => kind === 'number')
      .map(({ text, at }) => ({ text, start: expression.indexOf(text, at) }))
  } catch (error) {
    if (error instanceof ExpressionError) return []
    throw error
  }
}

/** The expression with another number in one place; everything else stays as it was written. */
export function withNumeral(expression: string, index: number, text: string): string {
  const numeral = numeralsOf(expression)[index]
  if (!numeral) return expression
  return expression.slice(0, numeral.start) + text + expression.slice(numeral.start + numeral.text.length)
}
