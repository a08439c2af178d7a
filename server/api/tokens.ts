/** Tokens of programs: shown once, listed without their secret. */
import { ROLES } from '../../operations/members/roles.js'
import { createToken, listTokens, revokeToken } from '../../operations/members/tokens.js'
import { defineRoute } from '../route.js'
import {
  boolean,
  count,
  described,
  list,
  moment,
  named,
  nullable,
  object,
  oneOf,
  shortText,
  text,
} from '../schema.js'

const DAY_MS = 86_400_000
const role = oneOf(...ROLES)

const listedToken = named(
  'ApiToken',
  object({
    id: text,
    name: text,
    role,
    author: described(text, { description: 'Who made it' }),
    createdAt: moment,
    expiresAt: described(nullable(moment), { description: 'Null: it does not expire' }),
    revokedAt: nullable(moment),
    lastUsedAt: described(nullable(moment), { description: 'To about five minutes; null: never' }),
  }),
)

const validDays = described(nullable(described(count, { minimum: 1, maximum: 3660 })), {
  description: 'How long it is good for; null: for ever',
})

export const tokenRoutes = [
  defineRoute({
    method: 'GET',
    path: '/api/v1/tokens',
    role: 'admin',
    summary: 'Tokens that there are and were, newest first',
    response: object({ tokens: list(listedToken) }),
    handle: async ({ operations }) => ({ tokens: await listTokens(operations) }),
  }),
  defineRoute({
    method: 'POST',
    path: '/api/v1/tokens',
    role: 'admin',
    summary: 'Create a token; it is shown once',
    body: object({
      name: described(text, { minLength: 1, maxLength: 100, examples: ['nightly export'] }),
      role,
      validDays,
    }),
    response: object({
      id: text,
      name: text,
      role,
      expiresAt: nullable(moment),
      token: described(text, { description: 'To be sent as Authorization: Bearer …; shown only now' }),
    }),
    async handle({ operations, services, member }, { body: { name, role, validDays } }) {
      const validMs = validDays === null ? null : validDays * DAY_MS
      const token = await createToken(operations, { name, role, validMs, by: member.name })
      services.directory.refresh()
      return token
    },
  }),
  defineRoute({
    method: 'DELETE',
    path: '/api/v1/tokens/:id',
    role: 'admin',
    summary: 'Revoke a token: it is refused from now on',
    params: object({ id: shortText }),
    response: object({ id: text, name: text, changed: boolean }),
    async handle({ operations, services, member }, { params }) {
      const revoked = await revokeToken(operations, params.id, { by: member.name })
      services.directory.refresh()
      return revoked
    },
  }),
]
