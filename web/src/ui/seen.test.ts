import assert from 'node:assert/strict'
import { seen } from './seen.js'

describe('texts of others', () => {
  const cases: readonly (readonly [what: string, given: string, shown: string])[] = [
    ['stand as they are', 'Zoë <b>=1+1</b>\n2\t3', 'Zoë <b>=1+1</b>\n2\t3'],
    ['keep their emoji, which are joined', '👩‍👩‍👧 🏳️‍🌈', '👩‍👩‍👧 🏳️‍🌈'],
    ['show control characters', 'a\u0001b\u001b[31mred\u007f', 'a\\u0001b\\u001b[31mred\\u007f'],
    ['show what turns text around', 'invoice\u202egpj.exe', 'invoice\\u202egpj.exe'],
    ['show spaces without width', '\ufeffA\u200bda', '\\ufeffA\\u200bda'],
    ['leave the order of what stands beside them alone', 'مرحبا', '\u2068مرحبا\u2069'],
  ]
  for (const [what, given, shown] of cases) it(what, () => assert.equal(seen(given), shown))
})
