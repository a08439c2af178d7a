/** Secrets: names are listed, values are only ever set. */
import { listSecrets, setSecret } from '../../operations/secrets.js'
import { defineRoute } from '../route.js'
import { described, list, object, shortText, text } from '../schema.js'

const secretName = described(shortText, { description: 'Name of the secret', examples: ['SHOP_PASSWORD'] })
const secretValue = described(text, {
  description: 'The value; it is never shown again',
  minLength: 1,
  maxLength: 65_536,
  writeOnly: true,
})

export const secretRoutes = [
  defineRoute({
    method: 'GET',
    path: '/api/v1/secrets',
    role: 'marketer',
    summary: 'Names of the secrets that are set',
    response: object({ names: list(secretName) }),
    handle: async ({ operations }) => ({ names: await listSecrets(operations) }),
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
]
