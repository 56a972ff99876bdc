/** An exact number, so that money is never a binary fraction. `d` is positive and has no common factor with `n`. */
export interface Rational {
  readonly n: bigint
  readonly d: bigint
}

export function rational(n: bigint, d: bigint): Rational {
  if (d === 0n) throw new RangeError('division by zero')
  const sign = d < 0n ? -1n : 1n
  const factor = gcd(n < 0n ? -n : n, d * sign)
  return { n: (n * sign) / factor, d: (d * sign) / factor }
}

export const whole = (value: number | bigint): Rational => ({ n: BigInt(value), d: 1n })
export const ZERO = whole(0)

/** "12.50" → 25/2. `text` has digits and at most one dot. */
export function parseDecimal(text: string): Rational {
  const [integer = '', fraction = ''] = text.split('.')
  return rational(BigInt(integer + fraction), 10n ** BigInt(fraction.length))
}

export const add = (a: Rational, b: Rational): Rational => rational(a.n * b.d + b.n * a.d, a.d * b.d)
export const subtract = (a: Rational, b: Rational): Rational => rational(a.n * b.d - b.n * a.d, a.d * b.d)
export const multiply = (a: Rational, b: Rational): Rational => rational(a.n * b.n, a.d * b.d)
/** @throws RangeError when b is zero */
export const divide = (a: Rational, b: Rational): Rational => rational(a.n * b.d, a.d * b.n)
/** Negative, zero or positive when a is less than, equal to or greater than b. */
export const compare = (a: Rational, b: Rational): number => {
  const difference = a.n * b.d - b.n * a.d
  return difference < 0n ? -1 : difference > 0n ? 1 : 0
}

/** The greatest whole number that is not greater than the value. */
export function floor({ n, d }: Rational): bigint {
  const quotient = n / d
  return n < 0n && quotient * d !== n ? quotient - 1n : quotient
}

export const ceil = (value: Rational): bigint => -floor({ n: -value.n, d: value.d })

/** Rounds to `decimals` places, halves away from zero, as amounts are rounded. */
export function round(value: Rational, decimals: number): Rational {
  const scale = 10n ** BigInt(decimals)
  const scaled = multiply(value, whole(scale))
  const size = floor(add(scaled.n < 0n ? { n: -scaled.n, d: scaled.d } : scaled, rational(1n, 2n)))
  return rational(scaled.n < 0n ? -size : size, scale)
}

function gcd(a: bigint, b: bigint): bigint {
  let [x, y] = [a, b]
  while (y !== 0n) [x, y] = [y, x % y]
  return x === 0n ? 1n : x
}
