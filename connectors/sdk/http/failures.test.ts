import assert from 'node:assert/strict'
import { connectionFailure, describeRequest, statusFailure } from './failures.js'

const failed = (code: string) =>
  Object.assign(new Error('with https://user:secret@host/?key=secret'), { code })

describe('connectionFailure', () => {
  const cases: [string, string, string][] = [
    ['CERT_HAS_EXPIRED', 'ConfigInvalid', 'never'],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'ConfigInvalid', 'never'],
    ['SELF_SIGNED_CERT_IN_CHAIN', 'ConfigInvalid', 'never'],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'ConfigInvalid', 'never'],
    ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'ConfigInvalid', 'never'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'ConfigInvalid', 'never'],
    ['ERR_SSL_WRONG_VERSION_NUMBER', 'ConfigInvalid', 'never'],
    ['EPROTO', 'ConfigInvalid', 'never'],
    ['ERR_ADDRESS_REFUSED', 'ConfigInvalid', 'never'],
    ['ENOTFOUND', 'NetworkError', 'never'],
    ['EAI_AGAIN', 'NetworkError', 'safe'],
    ['ENETUNREACH', 'NetworkError', 'safe'],
    ['ECONNRESET', 'NetworkError', 'idempotent'],
    ['EPIPE', 'NetworkError', 'idempotent'],
    ['ECONNREFUSED', 'SourceUnavailable', 'safe'],
    ['ETIMEDOUT', 'SourceUnavailable', 'idempotent'],
    ['ERR_TIMED_OUT', 'SourceUnavailable', 'idempotent'],
  ]
  for (const [code, kind, retry] of cases) {
    it(`turns ${code} into ${kind}, retried: ${retry}`, () => {
      const { error, retry: actual } = connectionFailure(failed(code), 'GET host/path', 'host')
      assert.deepEqual([error.kind, actual], [kind, retry])
      assert.doesNotMatch(JSON.stringify([error.message, error.stack, error.cause]), /secret/)
    })
  }
  it('reads the code of a cause, and of the first of several attempts', () => {
    const wrapped = Object.assign(new Error('axios', { cause: failed('ECONNREFUSED') }), { code: 'ERR_BAD' })
    const several = new AggregateError([failed('ECONNREFUSED'), failed('ENETUNREACH')])
    for (const error of [wrapped, several]) {
      assert.equal(connectionFailure(error, 'GET host/', 'host').error.code, 'ECONNREFUSED')
    }
  })
  it('says how to trust a private certificate authority', () => {
    const { message } = connectionFailure(failed('SELF_SIGNED_CERT_IN_CHAIN'), 'GET host/', 'host').error
    assert.match(message, /NODE_EXTRA_CA_CERTS/)
  })
})

describe('statusFailure', () => {
  it('keeps a request id only when it is one', () => {
    assert.equal(statusFailure(500, { 'x-request-id': 'a-1' }, 'GET h/').error.requestId, 'a-1')
    assert.equal(statusFailure(500, { 'x-request-id': 'see <b>' }, 'GET h/').error.requestId, undefined)
  })
})

describe('describeRequest', () => {
  it('leaves out query, user and password', () => {
    const url = new URL('https://user:pass@api.example.com:8443/orders?key=secret#x')
    assert.equal(describeRequest('GET', url), 'GET api.example.com:8443/orders')
  })
})
