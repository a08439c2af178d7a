/** `tokens create|list|revoke`: what programs use the API with. */
import type { Command } from 'commander'
import type { ListedToken } from '../../operations/members/tokens.js'
import { addCommand } from '../command.js'
import { UsageError } from '../errors.js'
import { formatTime, table } from '../format.js'
import { authorOf } from '../people.js'

export function addTokenCommands(program: Command): void {
  const group = program.command('tokens').summary('let programs use the API')

  addCommand(
    group,
    {
      name: 'create <name>',
      summary: 'create a token; it is shown once',
      details: 'Programs send it as Authorization: Bearer <token>.',
      examples: ['tokens create "nightly export" --role viewer --valid 90d'],
    },
    async (invocation, [name], options: { readonly role: string; readonly valid: string }) => {
      const [{ createToken }, { asRole }] = await Promise.all([
        import('../../operations/members/tokens.js'),
        import('../../operations/members/roles.js'),
      ])
      const token = await createToken(await invocation.context(), {
        name: name!,
        role: asRole(options.role),
        validMs: await validity(options.valid),
        by: authorOf({}),
      })
      invocation.output.result(token, () => token.token)
      if (!invocation.output.json) {
        const until =
          token.expiresAt === null ? 'it does not expire' : `until ${formatTime(token.expiresAt)} UTC`
        invocation.output.note(`${token.name} (${token.role}), ${until}; it is not shown again`)
      }
    },
  )
    .option('--role <role>', 'viewer, marketer, operator or admin', 'viewer')
    .option('--valid <duration>', 'how long it is good for, e.g. 90d; never: for ever', '1y')

  addCommand(
    group,
    { name: 'list', summary: 'tokens that there are and were', examples: ['tokens list'] },
    async (invocation) => {
      const { listTokens } = await import('../../operations/members/tokens.js')
      const tokens = await listTokens(await invocation.context())
      invocation.output.result(tokens, () =>
        tokens.length === 0
          ? 'no tokens; make one with tributary tokens create'
          : table(
              ['name', 'role', 'by', 'created', 'good until', 'last used'].map((title) => ({ title })),
              tokens.map((token) => [
                token.name,
                token.role,
                token.author,
                formatTime(token.createdAt),
                endWords(token),
                token.lastUsedAt === null ? 'never' : formatTime(token.lastUsedAt),
              ]),
            ),
      )
    },
  )

  addCommand(
    group,
    {
      name: 'revoke <token>',
      summary: 'refuse a token from now on',
      examples: ['tokens revoke "nightly export"'],
    },
    async (invocation, [named]) => {
      const { revokeToken } = await import('../../operations/members/tokens.js')
      const revoked = await revokeToken(await invocation.context(), named!, { by: authorOf({}) })
      invocation.output.result(
        revoked,
        () => `${revoked.name} is revoked${revoked.changed ? '' : ' already'}`,
      )
    },
  )
}

async function validity(text: string): Promise<number | null> {
  if (text === 'never') return null
  const { DURATION_PATTERN, parseDuration } = await import('@tributary/schemas')
  if (!DURATION_PATTERN.test(text) || parseDuration(text) === 0)
    throw new UsageError(`reading --valid ${text}: it is no duration; write e.g. 90d, or never`)
  return parseDuration(text)
}

function endWords({ revokedAt, expiresAt }: ListedToken): string {
  if (revokedAt !== null) return `revoked ${formatTime(revokedAt)}`
  return expiresAt === null ? 'for ever' : formatTime(expiresAt)
}
