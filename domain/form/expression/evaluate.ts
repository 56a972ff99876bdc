import { daysBetween } from '../../calendar.ts'
import type { Localized } from '../fields.ts'
import type { Expression } from './parse.ts'
import {
  add,
  ceil,
  compare,
  divide,
  floor,
  multiply,
  round,
  subtract,
  whole,
  ZERO,
  type Rational,
} from './rational.ts'

/** The value of a field. An empty optional date has no entry in Values. A chosen option has its `label`, an empty choice has none. */
export type Value =
  | { is: 'number'; value: Rational }
  | { is: 'text'; value: string; worth?: Rational; label?: Localized }
  | { is: 'day'; value: string }
  | { is: 'truth'; value: boolean }
  | { is: 'rows'; rows: readonly Values[] }

export type Values = ReadonlyMap<string, Value>

/** Thrown when a valid expression has no result for these values, such as a division by zero or an empty date. */
export class NoResult extends Error {
  override readonly name = 'NoResult'
}

/** Thrown when an expression asks for the worth of a chosen option that has none. It is never 0, because somebody would pay too little. */
export class NoWorth extends Error {
  override readonly name = 'NoWorth'
  readonly option: Localized

  constructor(option: Localized) {
    super('an option has no worth')
    this.option = option
  }
}

/**
 * Evaluates an expression that `typeOf` has checked. The number of steps is the number of its parts, times the rows
 * that it sums.
 * @throws NoResult, NoWorth
 */
export function evaluateNumber(expression: Expression, values: Values): Rational {
  const result = evaluate(expression, values)
  if (result.is !== 'number') throw new NoResult('not a number')
  return result.value
}

const number = (value: Rational): Value => ({ is: 'number', value })
const truth = (value: boolean): Value => ({ is: 'truth', value })

function evaluate(expression: Expression, values: Values): Value {
  switch (expression.kind) {
    case 'number':
      return number(expression.value)
    case 'text':
      return { is: 'text', value: expression.value }
    case 'name':
      return values.get(expression.id) ?? fail(`${expression.id} is empty`)
    case 'unary':
      return expression.op === '-'
        ? number(subtract(ZERO, evaluateNumber(expression.operand, values)))
        : truth(!isTrue(expression.operand, values))
    case 'binary':
      return evaluateBinary(expression, values)
    case 'call':
      return CALLS[expression.name]!(expression.args, values)
  }
}

const ARITHMETIC: Record<string, (a: Rational, b: Rational) => Rational> = {
  '+': add,
  '-': subtract,
  '*': multiply,
  '/': (a, b) => (b.n === 0n ? fail('division by zero') : divide(a, b)),
}

const COMPARISONS: Record<string, (order: number) => boolean> = {
  '==': (order) => order === 0,
  '!=': (order) => order !== 0,
  '<': (order) => order < 0,
  '<=': (order) => order <= 0,
  '>': (order) => order > 0,
  '>=': (order) => order >= 0,
}

function evaluateBinary({ op, left, right }: Expression & { kind: 'binary' }, values: Values): Value {
  if (op === 'and') return truth(isTrue(left, values) && isTrue(right, values))
  if (op === 'or') return truth(isTrue(left, values) || isTrue(right, values))
  const arithmetic = ARITHMETIC[op]
  if (arithmetic) return number(arithmetic(evaluateNumber(left, values), evaluateNumber(right, values)))
  return truth(COMPARISONS[op]!(orderOf(evaluate(left, values), evaluate(right, values))))
}

function orderOf(one: Value, two: Value): number {
  if (one.is === 'number' && two.is === 'number') return compare(one.value, two.value)
  // Days are 'YYYY-MM-DD', so their order is that of their text.
  if ((one.is === 'text' && two.is === 'text') || (one.is === 'day' && two.is === 'day'))
    return one.value < two.value ? -1 : one.value > two.value ? 1 : 0
  return fail('cannot compare')
}

type Call = (args: readonly Expression[], values: Values) => Value

const extreme =
  (isBetter: (order: number) => boolean): Call =>
  (args, values) => {
    const [first, ...others] = args.map((arg) => evaluateNumber(arg, values))
    return number(others.reduce((best, next) => (isBetter(compare(next, best)) ? next : best), first!))
  }

const CALLS: Record<string, Call> = {
  // Only the chosen branch is evaluated, because the other one may have no result.
  if: ([condition, yes, no], values) => evaluate(isTrue(condition!, values) ? yes! : no!, values),
  min: extreme((order) => order < 0),
  max: extreme((order) => order > 0),
  round: ([value, decimals], values) =>
    number(round(evaluateNumber(value!, values), decimals ? Number(evaluateNumber(decimals, values).n) : 2)),
  floor: ([value], values) => number(whole(floor(evaluateNumber(value!, values)))),
  ceil: ([value], values) => number(whole(ceil(evaluateNumber(value!, values)))),
  days: ([from, to], values) => number(whole(daysBetween(dayOf(from!, values), dayOf(to!, values)))),
  worth: ([field], values) => {
    const choice = field?.kind === 'name' ? values.get(field.id) : undefined
    if (choice?.is !== 'text') return number(ZERO)
    if (choice.worth === undefined && choice.label !== undefined) throw new NoWorth(choice.label)
    return number(choice.worth ?? ZERO)
  },
  count: ([rows], values) => number(whole(rowsOf(rows!, values).length)),
  sum: ([rows, each], values) =>
    number(
      rowsOf(rows!, values).reduce(
        (total, row) => add(total, evaluateNumber(each!, new Map([...values, ...row]))),
        ZERO,
      ),
    ),
}

function isTrue(expression: Expression, values: Values): boolean {
  const result = evaluate(expression, values)
  return result.is === 'truth' ? result.value : fail('not a truth')
}

function dayOf(expression: Expression, values: Values): string {
  const result = evaluate(expression, values)
  return result.is === 'day' ? result.value : fail('not a day')
}

function rowsOf(expression: Expression, values: Values): readonly Values[] {
  const result = evaluate(expression, values)
  return result.is === 'rows' ? result.rows : fail('not rows')
}

function fail(why: string): never {
  throw new NoResult(why)
}
