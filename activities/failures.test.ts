import assert from 'node:assert/strict'
import { ClickHouseError } from '@clickhouse/client'
import { ApplicationFailure } from '@temporalio/common'
import { PlanGone } from '../activation/deliver/read-batches.js'
import { CannotUndo } from '../activation/plan/stage-undo.js'
import { toFailure } from './failures.js'

const CASES: readonly [code: string, name: string, type: string, nonRetryable: boolean, remedy: RegExp][] = [
  ['62', 'SYNTAX_ERROR', 'DestinationRejected', true, /correct the stream's settings/],
  ['47', 'UNKNOWN_IDENTIFIER', 'DestinationRejected', true, /correct the stream's settings/],
  ['46', 'UNKNOWN_FUNCTION', 'DestinationRejected', true, /correct the stream's settings/],
  ['43', 'ILLEGAL_TYPE_OF_ARGUMENT', 'DestinationRejected', true, /correct the stream's settings/],
  ['36', 'BAD_ARGUMENTS', 'DestinationRejected', true, /correct the stream's settings/],
  ['432', 'UNKNOWN_CODEC', 'DestinationRejected', true, /correct the stream's settings/],
  ['450', 'BAD_TTL_EXPRESSION', 'DestinationRejected', true, /correct the stream's settings/],
  ['497', 'ACCESS_DENIED', 'ConfigInvalid', true, /give the user of CLICKHOUSE_USER this right/],
  // Another worker may have the right password, and grants may come late to a server that starts.
  ['516', 'AUTHENTICATION_FAILED', 'ConfigInvalid', false, /CLICKHOUSE_PASSWORD/],
  ['241', 'MEMORY_LIMIT_EXCEEDED', 'DestinationUnavailable', false, /MEMORY_LIMIT_EXCEEDED/],
  ['243', 'NOT_ENOUGH_SPACE', 'DestinationFull', false, /free space/],
  ['60', 'UNKNOWN_TABLE', 'Unexpected', false, /UNKNOWN_TABLE/],
]

describe('a failure of ClickHouse', () => {
  for (const [code, name, type, nonRetryable, remedy] of CASES) {
    it(`${name} is ${type} and ${nonRetryable ? 'final' : 'tried again'}`, () => {
      const failure = toFailure(new ClickHouseError({ message: 'it says so', code, type: name }))
      assert.ok(failure instanceof ApplicationFailure)
      assert.deepEqual([failure.type, failure.nonRetryable], [type, nonRetryable])
      assert.match(failure.message, remedy)
    })
  }
})

describe('what ClickHouse says', () => {
  for (const [says, kept] of [
    [
      "Cannot parse string 'ada@example.com' as UInt64: syntax error at begin of string: while executing FUNCTION toUInt64(email)",
      'Cannot parse string … as UInt64: syntax error at begin of string: while executing FUNCTION toUInt64(email)',
    ],
    [
      `Cannot parse input: expected ',' before: 'O\\'Hara, 12 rue'`,
      "Cannot parse input: expected ',' before …",
    ],
    [
      "Unknown expression identifier 'citty' in scope SELECT citty",
      "Unknown expression identifier 'citty' in scope SELECT citty",
    ],
  ] as const) {
    it(`loses the values of rows, and no names: ${kept.slice(0, 40)}`, () => {
      const failure = toFailure(new ClickHouseError({ message: says, code: '6', type: 'CANNOT_PARSE_TEXT' }))
      assert.equal((failure as Error).message, `using ClickHouse: ${kept} (CANNOT_PARSE_TEXT)`)
    })
  }
})

describe('a failure of an activation', () => {
  for (const error of [new CannotUndo('taking back run 1'), new PlanGone('delivering winback')]) {
    it(`${error.name} is final: trying again does not help`, () => {
      const failure = toFailure(error)
      assert.ok(failure instanceof ApplicationFailure)
      assert.deepEqual(
        [failure.type, failure.nonRetryable, failure.message],
        ['ConfigInvalid', true, error.message],
      )
    })
  }
})
