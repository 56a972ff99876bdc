import { parseDecimal, type Rational } from './rational.ts'

export type BinaryOperator = '+' | '-' | '*' | '/' | '==' | '!=' | '<' | '<=' | '>' | '>=' | 'and' | 'or'

export type Expression =
  | { kind: 'number'; value: Rational }
  | { kind: 'text'; value: string }
  | { kind: 'name'; id: string }
  | { kind: 'call'; name: string; args: Expression[] }
  | { kind: 'binary'; op: BinaryOperator; left: Expression; right: Expression }
  | { kind: 'unary'; op: '-' | 'not'; operand: Expression }

/** A mistake in an expression, in words for the person who writes it. */
export class ExpressionError extends Error {
  override readonly name = 'ExpressionError'
}

const MAX_LENGTH = 1_000
const MAX_NODES = 200
const MAX_DEPTH = 25

export interface Token {
  kind: 'number' | 'name' | 'text' | 'sign' | 'end'
  text: string
  at: number
}

const TOKEN =
  /\s*(?:(\d{1,9}(?:\.\d{1,6})?)|([a-zA-Z][a-zA-Z0-9]*)|'([^']{0,60})'|(==|!=|<=|>=|[-+*/(),<>]))/y

/**
 * Parses an expression over the fields of a form: numbers, names, 'texts', + - * /, comparisons, and, or, not, calls.
 * There are no loops, no assignments, and no names except those of the form and of our functions. Size and depth are
 * limited.
 * @throws ExpressionError with the position
 */
export function parseExpression(text: string): Expression {
  if (text.length > MAX_LENGTH) throw new ExpressionError(`longer than ${MAX_LENGTH} characters`)
  const state: State = { tokens: tokensOf(text), next: 0, nodes: 0, depth: 0 }
  const expression = parseLevel(state, 0)
  const rest = peek(state)
  if (rest.kind !== 'end') throw unexpected(rest)
  return expression
}

export function tokensOf(text: string): Token[] {
  const tokens: Token[] = []
  TOKEN.lastIndex = 0
  const trimmed = text.trimEnd()
  for (let at = 0; at < trimmed.length; at = TOKEN.lastIndex) {
    TOKEN.lastIndex = at
    const match = TOKEN.exec(trimmed)
    if (!match) throw new ExpressionError(`cannot read "${trimmed.slice(at, at + 10).trim()}" at ${at + 1}`)
    const [, number, name, quoted, sign] = match
    if (number !== undefined) tokens.push({ kind: 'number', text: number, at })
    else if (name !== undefined) tokens.push({ kind: WORDS.has(name) ? 'sign' : 'name', text: name, at })
    else if (quoted !== undefined) tokens.push({ kind: 'text', text: quoted, at })
    else tokens.push({ kind: 'sign', text: sign!, at })
  }
  return [...tokens, { kind: 'end', text: '', at: text.length }]
}

const WORDS = new Set(['and', 'or', 'not'])

interface State {
  tokens: readonly Token[]
  next: number
  nodes: number
  depth: number
}

/** Binary operators, from the lowest precedence to the highest. */
const LEVELS: readonly (readonly BinaryOperator[])[] = [
  ['or'],
  ['and'],
  ['==', '!=', '<', '<=', '>', '>='],
  ['+', '-'],
  ['*', '/'],
]

function parseLevel(state: State, level: number): Expression {
  const operators = LEVELS[level]
  if (!operators) return parseUnary(state)
  let left = parseLevel(state, level + 1)
  for (let op = operatorAt(state, operators); op; op = operatorAt(state, operators)) {
    state.next++
    left = node(state, { kind: 'binary', op, left, right: parseLevel(state, level + 1) })
  }
  return left
}

function operatorAt(state: State, operators: readonly BinaryOperator[]): BinaryOperator | undefined {
  const { kind, text } = peek(state)
  return kind === 'sign' ? operators.find((operator) => operator === text) : undefined
}

function parseUnary(state: State): Expression {
  const { kind, text } = peek(state)
  if (kind !== 'sign' || (text !== '-' && text !== 'not')) return parsePrimary(state)
  state.next++
  return deeper(state, () => node(state, { kind: 'unary', op: text, operand: parseUnary(state) }))
}

function parsePrimary(state: State): Expression {
  const token = state.tokens[state.next++]!
  if (token.kind === 'number') return node(state, { kind: 'number', value: parseDecimal(token.text) })
  if (token.kind === 'text') return node(state, { kind: 'text', value: token.text })
  if (token.kind === 'name')
    return isSign(state, '(') ? parseCall(state, token.text) : node(state, { kind: 'name', id: token.text })
  if (token.text !== '(') throw unexpected(token)
  const inner = deeper(state, () => parseLevel(state, 0))
  expectSign(state, ')')
  return inner
}

function parseCall(state: State, name: string): Expression {
  expectSign(state, '(')
  const args: Expression[] = []
  while (!isSign(state, ')')) {
    if (args.length > 0) expectSign(state, ',')
    args.push(deeper(state, () => parseLevel(state, 0)))
  }
  expectSign(state, ')')
  return node(state, { kind: 'call', name, args })
}

const peek = (state: State): Token => state.tokens[state.next]!
const isSign = (state: State, text: string): boolean => {
  const token = peek(state)
  return token.kind === 'sign' && token.text === text
}

function expectSign(state: State, text: string): void {
  const token = peek(state)
  if (!isSign(state, text)) throw new ExpressionError(`"${text}" is missing at ${token.at + 1}`)
  state.next++
}

function node<T extends Expression>(state: State, made: T): T {
  if (++state.nodes > MAX_NODES) throw new ExpressionError(`more than ${MAX_NODES} parts`)
  return made
}

function deeper(state: State, parse: () => Expression): Expression {
  if (++state.depth > MAX_DEPTH) throw new ExpressionError(`nested deeper than ${MAX_DEPTH}`)
  const parsed = parse()
  state.depth--
  return parsed
}

const unexpected = ({ kind, text, at }: Token): ExpressionError =>
  new ExpressionError(kind === 'end' ? 'ends too early' : `"${text}" is out of place at ${at + 1}`)
