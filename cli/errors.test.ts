import assert from 'node:assert/strict'
import { exitCodeOf, Interrupted, renderError, UsageError } from './errors.js'

const named = (name: string, message = 'doing it: no; try again') =>
  Object.assign(new Error(message), { name })
const coded = (code: string) => Object.assign(new Error(`connect ${code} 127.0.0.1:1`), { code })

describe('errors of the command line', () => {
  it('become the documented exit codes', () => {
    const cases: [error: unknown, code: number][] = [
      [new Error('no'), 1],
      ['no', 1],
      [named('SourceUnknown'), 1],
      [new UsageError('no'), 2],
      [named('InvalidWindow'), 2],
      [named('NothingPolling'), 3],
      [named('TemporalUnreachable'), 3],
      [named('NotConfigured'), 3],
      [coded('ECONNREFUSED'), 3],
      [Object.assign(named('ConnectorError'), { code: 'ECONNREFUSED' }), 1],
      [new Interrupted('stopped'), 130],
    ]
    assert.deepEqual(
      cases.map(([error]) => exitCodeOf(error)),
      cases.map(([, code]) => code),
    )
  })

  it('are one line that says what to do; the stack shows only when debugging', () => {
    assert.equal(renderError(named('X'), {}), 'tributary: doing it: no; try again')
    assert.match(
      renderError(coded('ECONNREFUSED'), {}),
      /^tributary: reaching ClickHouse: .*; start the local stack with tributary up/,
    )
    assert.equal(
      renderError(Object.assign(named('ConnectorError'), { code: 'ECONNREFUSED' }), {}),
      'tributary: doing it: no; try again',
      'a source that cannot be reached is not ClickHouse',
    )
    const cause = new Error('deeper')
    const verbose = renderError(new Error('no', { cause }), { TRIBUTARY_LOG_LEVEL: 'debug' })
    assert.deepEqual(
      [/Error: no\n {4}at/.test(verbose), /caused by Error: deeper/.test(verbose)],
      [true, true],
    )
  })
})
