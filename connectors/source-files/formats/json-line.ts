/** One record of NDJSON from its text, with integers beyond 2^53 kept exact as text. */

const NUMBER_OR_STRING = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g

/** Parses JSON where numbers that a double cannot hold exactly become strings of their digits. */
export function parseExactJson(text: string): unknown {
  return JSON.parse(text.replace(NUMBER_OR_STRING, (token) => (isInexact(token) ? `"${token}"` : token)))
}

/** Parses JSON where integers that a double cannot hold exactly become bigints. */
export function parseWithBigInts(text: string): unknown {
  let found = false
  const marked = text.replace(NUMBER_OR_STRING, (token) => {
    if (!isInexact(token) || token.includes('.')) return token
    found = true
    return `{"${BIG}":"${token}"}`
  })
  if (!found) return JSON.parse(text)
  return JSON.parse(marked, (_key, value) =>
    typeof value === 'object' && value !== null && BIG in value ? BigInt(value[BIG]) : value,
  )
}

const BIG = '$tributary.bigint'

function isInexact(token: string): boolean {
  if (token.startsWith('"') || /[eE]/.test(token)) return false
  const digits = token.replace(/^-?(?:0\.)?/, '').replace('.', '')
  if (digits.length <= 15) return false
  return token.includes('.') ? digits.length > 17 : !Number.isSafeInteger(Number(token))
}
