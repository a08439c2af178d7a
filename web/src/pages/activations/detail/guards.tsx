/** Guards that a plan is beyond: what each says. */
import { Alert, List } from '@mantine/core'
import { IconShieldExclamation } from '@tabler/icons-react'
import type { ActivationPlan } from '../api.js'
import { guardSentence } from '../model/words.js'

export function Guards({ plan }: { readonly plan: Pick<ActivationPlan, 'guards'> }) {
  const breached = plan.guards.filter((guard) => guard.breached)
  if (breached.length === 0) return null
  return (
    <Alert
      color="orange"
      variant="default"
      icon={<IconShieldExclamation aria-hidden />}
      title={breached.length === 1 ? 'A guard holds it' : 'Guards hold it'}
    >
      <List size="md">
        {breached.map(({ name, message, final }) => (
          <List.Item key={name}>
            {guardSentence(name, message)}
            {final === true && ' Nobody can approve that: mend it first.'}
          </List.Item>
        ))}
      </List>
    </Alert>
  )
}
