/** Secrets: names are listed with what needs them, values are only ever set or forgotten. */
import { removeSecret, secretLines, setSecret } from '../../operations/secrets.js'
import { defineRoute } from '../route.js'
import { described, list, named, object, oneOf, shortText, text } from '../schema.js'

const secretName = described(shortText, { description: 'Name of the secret', examples: ['SHOP_PASSWORD'] })
const secretValue = described(text, {
  description: 'The value; it is never shown again',
  minLength: 1,
  maxLength: 65_536,
  writeOnly: true,
})
const secretLine = named(
  'SecretLine',
  object({
    name: secretName,
    place: described(oneOf('kept', 'given'), {
      description: 'Kept by this workspace, or given by the environment, where it is changed',
    }),
    usedBy: described(list(object({ kind: oneOf('source', 'destination'), id: text })), {
      description: 'What needs it, in a draft or as it is published',
    }),
  }),
)

export const secretRoutes = [
  defineRoute({
    method: 'GET',
    path: '/api/v1/secrets',
    role: 'marketer',
    summary: 'Names of the secrets that are set, and what needs them',
    response: object({ secrets: list(secretLine) }),
    handle: async ({ operations }) => ({ secrets: await secretLines(operations) }),
  }),
  defineRoute({
    method: 'PUT',
    path: '/api/v1/secrets/:name',
    role: 'marketer',
    summary: 'Keep a secret, replacing the one before',
    params: object({ name: secretName }),
    body: object({ value: secretValue }),
    response: object({
      name: secretName,
      reference: described(text, { examples: [`\${secret:SHOP_PASSWORD}`] }),
    }),
    audit: ({ params }) => ({ action: 'secrets set', subject: params.name }),
    async handle({ operations }, { params: { name }, body }) {
      await setSecret(operations, name, body.value)
      return { name, reference: `\${secret:${name}}` }
    },
  }),
  defineRoute({
    method: 'DELETE',
    path: '/api/v1/secrets/:name',
    role: 'marketer',
    summary: 'Forget a secret that nothing needs',
    params: object({ name: secretName }),
    response: object({}),
    audit: ({ params }) => ({ action: 'secrets remove', subject: params.name }),
    async handle({ operations }, { params: { name } }) {
      await removeSecret(operations, name)
      return {}
    },
  }),
]
