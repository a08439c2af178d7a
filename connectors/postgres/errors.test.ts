import assert from 'node:assert/strict'
import { ConnectorErrorKind } from '@tributary/connector-sdk'
import { connectorErrors } from './errors.js'

const toConnectorError = connectorErrors({
  '40001': [ConnectorErrorKind.SourceUnavailable, 'the read replica cancelled it'],
  '42': [ConnectorErrorKind.SchemaIncompatible, 'discover again'],
})

const failure = (code: string | undefined, message: string): Error =>
  Object.assign(new Error(message), code === undefined ? {} : { code })

describe('errors of server, socket and TLS', () => {
  const cases: readonly (readonly [code: string | undefined, message: string, kind: string, says: RegExp])[] =
    [
      ['40001', 'canceling statement due to conflict with recovery', 'SourceUnavailable', /read replica/],
      ['57P03', 'the database system is starting up', 'SourceUnavailable', /starting up/],
      ['53300', 'too many clients already', 'SourceUnavailable', /no free connection/],
      [
        '28000',
        'no pg_hba.conf entry for host "x", user "y", no encryption',
        'ConfigInvalid',
        /ssl.mode to require/,
      ],
      [
        '28000',
        'no pg_hba.conf entry for host "x", SSL encryption',
        'ConfigInvalid',
        /pg_hba.conf has no entry/,
      ],
      ['28000', 'role "y" does not exist', 'AuthExpired', /may|not let/],
      ['08006', 'connection failure', 'NetworkError', /broke/],
      ['42P17', 'invalid object definition', 'SchemaIncompatible', /discover again/],
      ['XX001', 'data corrupted', 'SourceUnavailable', /internal/],
      ['ECONNRESET', 'read ECONNRESET', 'NetworkError', /broke/],
      ['ETIMEDOUT', 'read ETIMEDOUT', 'SourceUnavailable', /in time/],
      ['ERR_TLS_CERT_ALTNAME_INVALID', 'altnames', 'ConfigInvalid', /correct `host`/],
      [undefined, 'The server does not support SSL connections', 'ConfigInvalid', /prefer or disable/],
      [undefined, 'Connection terminated unexpectedly', 'NetworkError', /broke/],
      [undefined, 'timeout expired', 'SourceUnavailable', /in time/],
    ]
  for (const [code, message, kind, says] of cases) {
    it(`${code ?? 'no code'} (${message}) is ${kind}`, () => {
      const error = toConnectorError('doing something', failure(code, `${message} s3cret`))
      assert.deepEqual([error.kind, error.code, says.test(error.message)], [kind, code, true], error.message)
      assert.ok(!`${error.message}${error.stack}`.includes('s3cret'))
      assert.equal(error.cause, undefined)
    })
  }

  it('takes the first of several attempts, and leaves its own errors as they are', () => {
    const several = new AggregateError([failure('EHOSTUNREACH', 'one'), failure('EHOSTUNREACH', 'two')])
    const error = toConnectorError('connecting', several)
    assert.equal(error.kind, 'SourceUnavailable')
    assert.equal(toConnectorError('again', error), error)
  })
})
