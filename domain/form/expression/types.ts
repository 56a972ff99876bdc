import { ExpressionError, type Expression } from './parse.ts'

/** The type of a name or of a part of an expression. `rows` has names of its own: the fields of one row. */
export type ExpressionType = { is: ValueType } | { is: 'rows'; names: Names }

export type ValueType = Plain | 'choice'

export type Names = ReadonlyMap<string, ExpressionType>

type Plain = 'number' | 'text' | 'day' | 'truth'

/**
 * The type of an expression. It is checked when the form is saved, so that no citizen meets the error.
 * @throws ExpressionError when the expression is wrong
 */
export function typeOf(expression: Expression, names: Names): ExpressionType {
  switch (expression.kind) {
    case 'number':
      return { is: 'number' }
    case 'text':
      return { is: 'text' }
    case 'name':
      return mustKnow(expression.id, names)
    case 'unary':
      return want(expression.operand, names, expression.op === '-' ? 'number' : 'truth')
    case 'binary':
      return typeOfBinary(expression, names)
    case 'call':
      return typeOfCall(expression, names)
  }
}

function mustKnow(id: string, names: Names): ExpressionType {
  const known = names.get(id)
  if (!known) throw new ExpressionError(`there is no field "${id}"`)
  return known
}

function want(expression: Expression, names: Names, is: Plain | 'rows'): ExpressionType {
  const type = typeOf(expression, names)
  const found = plain(type)
  if (found !== is) throw new ExpressionError(`a ${is} is wanted where there is a ${found}`)
  return found === 'rows' ? type : { is: found }
}

/** A choice is compared by the text of its value. */
const plain = ({ is }: ExpressionType): Plain | 'rows' => (is === 'choice' ? 'text' : is)

const ARITHMETIC = new Set(['+', '-', '*', '/'])

function typeOfBinary({ op, left, right }: Expression & { kind: 'binary' }, names: Names): ExpressionType {
  if (ARITHMETIC.has(op)) return want(left, names, 'number') && want(right, names, 'number')
  if (op === 'and' || op === 'or') return want(left, names, 'truth') && want(right, names, 'truth')
  const [one, two] = [plain(typeOf(left, names)), plain(typeOf(right, names))]
  const comparable = op === '==' || op === '!=' ? ['number', 'text', 'day'] : ['number', 'day']
  if (one !== two || !comparable.includes(one))
    throw new ExpressionError(`"${op}" cannot compare a ${one} with a ${two}`)
  return { is: 'truth' }
}

type Call = Expression & { kind: 'call' }

/** One entry per function: it checks the arguments and returns the type of the result. */
const CALLS: Record<string, (call: Call, names: Names) => ExpressionType> = {
  if: (call, names) => {
    const [condition, yes, no] = takes(call, 3)
    want(condition!, names, 'truth')
    return want(no!, names, plain(typeOf(yes!, names)))
  },
  min: numbers,
  max: numbers,
  round: (call, names) => {
    const [value, decimals] = call.args.length === 1 ? takes(call, 1) : takes(call, 2)
    if (decimals && !isSmallNumber(decimals))
      throw new ExpressionError('round takes 0 to 4 decimals, as a number')
    return want(value!, names, 'number')
  },
  floor: (call, names) => want(takes(call, 1)[0]!, names, 'number'),
  ceil: (call, names) => want(takes(call, 1)[0]!, names, 'number'),
  days: (call, names) => {
    for (const day of takes(call, 2)) want(day, names, 'day')
    return { is: 'number' }
  },
  worth: (call, names) => {
    const [field] = takes(call, 1)
    if (typeOf(field!, names).is !== 'choice') throw new ExpressionError('worth takes the name of a choice')
    return { is: 'number' }
  },
  count: (call, names) => {
    rowsOf(takes(call, 1)[0]!, names)
    return { is: 'number' }
  },
  sum: (call, names) => {
    const [rows, each] = takes(call, 2)
    // Rows inside rows would multiply the steps, so a sum sees no rows.
    const outside = [...names].filter(([, { is }]) => is !== 'rows')
    return want(each!, new Map([...outside, ...rowsOf(rows!, names)]), 'number')
  },
}

/** @internal because only tests read it: they compare the functions with those that the manual explains. */
export const FUNCTIONS = Object.keys(CALLS)

function typeOfCall(call: Call, names: Names): ExpressionType {
  if (!Object.hasOwn(CALLS, call.name)) throw new ExpressionError(`there is no function "${call.name}"`)
  return CALLS[call.name]!(call, names)
}

function takes(call: Call, count: number): Expression[] {
  if (call.args.length !== count)
    throw new ExpressionError(`${call.name} takes ${count}, not ${call.args.length}`)
  return call.args
}

function numbers(call: Call, names: Names): ExpressionType {
  if (call.args.length === 0) throw new ExpressionError(`${call.name} takes at least one number`)
  for (const arg of call.args) want(arg, names, 'number')
  return { is: 'number' }
}

function rowsOf(expression: Expression, names: Names): Names {
  const found = typeOf(expression, names)
  if (found.is !== 'rows') throw new ExpressionError('the name of repeated rows is wanted')
  return found.names
}

const isSmallNumber = (expression: Expression): boolean =>
  expression.kind === 'number' && expression.value.d === 1n && expression.value.n <= 4n
