import { ExpressionError, tokensOf } from './parse.ts'

/** Names of the choices whose worth an expression asks for; none when the expression cannot be read. */
export function worthsIn(expression: string): string[] {
  try {
    const tokens = tokensOf(expression)
    return tokens.flatMap(({ kind, text }, at) => {
      const isAsked = kind === 'name' && text === 'worth' && tokens[at + 1]?.text === '('
      const choice = tokens[at + 2]
      return isAsked && choice?.kind === 'name' ? [choice.text] : []
    })
  } catch (error) {
    if (error instanceof ExpressionError) return []
    throw error
  }
}
