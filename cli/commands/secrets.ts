/** `secrets set|list|remove`: values come from stdin or a prompt that shows nothing, never from the command line. */
import type { Command } from 'commander'
import { addCommand } from '../command.js'
import { readSecret } from '../read-secret.js'

export function addSecretCommands(program: Command): void {
  const group = program.command('secrets').summary('keep the values that files name')

  addCommand(
    group,
    {
      name: 'set <name>',
      summary: 'keep a secret, replacing the one before',
      details:
        'The value is read from stdin, or asked for on a terminal. It is encrypted in .tributary/secrets.json.',
      examples: ['secrets set SHOP_PASSWORD', 'secrets set SHOP_PASSWORD < password.txt'],
    },
    async (invocation, [name]) => {
      const { setSecret } = await import('../../operations/secrets.js')
      const value = await readSecret(`${name}: `)
      await setSecret(await invocation.context(), name!, value)
      invocation.output.result({ name, set: true }, () => `${name} is set`)
    },
  )

  addCommand(
    group,
    { name: 'list', summary: 'names of the secrets that are set', examples: ['secrets list'] },
    async (invocation) => {
      const { listSecrets } = await import('../../operations/secrets.js')
      const names = await listSecrets(await invocation.context())
      invocation.output.result(names, () => (names.length === 0 ? 'none is set' : names.join('\n')))
    },
  )

  addCommand(
    group,
    {
      name: 'remove <name>',
      summary: 'forget a secret that no source and no destination needs',
      examples: ['secrets remove OLD_PASSWORD'],
    },
    async (invocation, [name]) => {
      const { removeSecret } = await import('../../operations/secrets.js')
      await removeSecret(await invocation.context(), name!)
      invocation.output.result({ name, removed: true }, () => `${name} is removed`)
    },
  )
}
