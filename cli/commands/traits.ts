/** `trait list` and `trait dependents`: what is known of people, and what speaks of it. */
import type { Command } from 'commander'
import { addCommand } from '../command.js'
import { formatCount, table } from '../format.js'
import { sayDependents } from '../people.js'

export function addTraitCommands(program: Command): void {
  const group = program.command('trait').summary('see which traits people have')

  addCommand(
    group,
    { name: 'list', summary: 'all traits, with how many people have one', examples: ['trait list'] },
    async (invocation) => {
      const { listTraits } = await import('../../operations/people/traits.js')
      const traits = await listTraits(await invocation.context())
      invocation.output.result(traits, () =>
        traits.length === 0
          ? 'no traits; map some in mappings/<name>.yaml'
          : table(
              [{ title: 'trait' }, { title: 'chosen by' }, { title: 'sources' }, { title: 'people' }],
              traits.map(({ trait, rule, sources, people }) => [
                trait,
                typeof rule === 'string' ? rule : JSON.stringify(rule),
                sources.join(', '),
                Object.entries(people)
                  .map(([kind, count]) => `${formatCount(count)} ${kind}`)
                  .join(', '),
              ]),
            ),
      )
    },
  )

  addCommand(
    group,
    {
      name: 'dependents <trait>',
      summary: 'which segments depend on a trait',
      examples: ['trait dependents city'],
    },
    async (invocation, [trait]) => {
      const { traitDependents } = await import('../../operations/people/traits.js')
      sayDependents(invocation, trait!, await traitDependents(await invocation.context(), trait!))
    },
  )
}
