/** Reads decimals exactly: from text digit by digit, from a number by its shortest decimal form. Nothing is rounded. */

/** Numbers of up to this many digits are told apart by a double, so its shortest decimal form is the one meant. */
const EXACT_NUMBER = 1e15
const EXACT_DIGITS = 15
/** Digits of the widest Decimal. */
const LONGEST = 76
const TEXT = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,4}))?$/

/** Why a value is no decimal of the wanted scale. */
export const DecimalFault = {
  notANumber: 'not a decimal number',
  tooFine: 'more decimals than the column holds',
  tooLarge: 'out of range',
} as const
export type DecimalFault = (typeof DecimalFault)[keyof typeof DecimalFault]

/** `value * 10^scale` as an integer: a safe number where it fits, otherwise a bigint; or why there is none. */
export function unscaledOfNumber(value: number, scale: number): number | bigint | DecimalFault {
  const power = 10 ** scale
  const unscaled = Math.round(value * power)
  if (Math.abs(unscaled) < EXACT_NUMBER && unscaled / power === value) return unscaled
  return unscaledOfText(String(value), scale)
}

/** As {@link unscaledOfNumber}, of text such as `-12.30`, `.5` or `1e-3`. */
export function unscaledOfText(text: string, scale: number): number | bigint | DecimalFault {
  return shortDecimal(text, scale) ?? longDecimal(text, scale)
}

/** Plain text of at most 15 digits, by a loop; undefined: anything else. */
function shortDecimal(text: string, scale: number): number | undefined {
  const length = text.length
  const negative = text.charCodeAt(0) === 45
  let digits = 0
  let decimals = -1
  let unscaled = 0
  for (let at = negative ? 1 : 0; at < length; at++) {
    const code = text.charCodeAt(at)
    if (code === 46 && decimals < 0) decimals = 0
    else if (code >= 48 && code <= 57) {
      unscaled = unscaled * 10 + code - 48
      digits++
      if (decimals >= 0) decimals++
    } else return undefined
  }
  const zeros = scale - Math.max(decimals, 0)
  if (digits === 0 || zeros < 0 || digits + zeros > EXACT_DIGITS) return undefined
  const value = unscaled * 10 ** zeros
  return negative && value !== 0 ? -value : value
}

function longDecimal(text: string, scale: number): bigint | DecimalFault {
  const match = TEXT.exec(text)
  if (!match) return DecimalFault.notANumber
  const [, sign, whole = '', decimals = '', exponent = '0'] = match
  if (whole === '' && decimals === '') return DecimalFault.notANumber
  const digits = whole + decimals
  const zeros = scale - decimals.length + Number(exponent)
  const kept = zeros < 0 ? digits.slice(0, Math.max(digits.length + zeros, 0)) : digits
  if (/[1-9]/.test(digits.slice(kept.length))) return DecimalFault.tooFine
  const significant = kept.replace(/^0+/, '')
  if (significant === '') return 0n
  if (significant.length + Math.max(zeros, 0) > LONGEST) return DecimalFault.tooLarge
  const unscaled = BigInt(significant) * 10n ** BigInt(Math.max(zeros, 0))
  return sign === '-' ? -unscaled : unscaled
}
