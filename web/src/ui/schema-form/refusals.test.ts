import { deepEqual, equal } from 'node:assert/strict'
import { ApiError } from '../../api/api-error.js'
import { refusedFields } from './refusals.js'

const refusal = (...paths: readonly string[]) =>
  new ApiError({
    status: 403,
    name: 'SecretRefused',
    message: 'using the secrets of the destination shop: …',
    problems: paths.map((path) => ({
      path,
      message: 'it was given for another connection',
      remedy: 'type it again',
    })),
  })
const words = { __errors: ['It was given for another connection. Type it again.'] }

describe('what a server refuses of a form', () => {
  it('stands at the fields that it is about', () => {
    deepEqual(refusedFields(refusal('config.secret', 'config.headers.x-key', 'config.tokens[1]')), {
      secret: words,
      headers: { 'x-key': words },
      tokens: { 1: words },
    })
  })

  it('is of no field where it names none', () => {
    equal(refusedFields(refusal('', 'streams[0].name', 'configuration')), undefined)
    equal(refusedFields(new Error('no network')), undefined)
  })
})
