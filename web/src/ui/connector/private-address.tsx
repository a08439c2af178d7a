/** A test that went no further, as its address is inside of a network: the field that says so, or who may let it through. */
import { Anchor, Text } from '@mantine/core'
import { CodeBlock } from '../code-block.js'
import type { Fact } from './facts.js'

interface PrivateAddressProps {
  readonly host: string
  readonly facts: readonly Fact[]
}

/** Names the field with the address, and what an operator sets. */
export function PrivateAddress({ host, facts }: PrivateAddressProps) {
  const field = facts.find(({ value }) => value.includes(host))
  return (
    <>
      <Text>
        <b>{host}</b> is a private address: it leads to this installation’s own network or computer, and
        connectors may not go there unless an operator lets them.
      </Text>
      <Text>
        Is it the wrong one?{' '}
        {field === undefined ? (
          'Correct the address above.'
        ) : (
          <>
            Correct the field{' '}
            <Anchor
              component="button"
              type="button"
              onClick={() => document.getElementById(field.fieldId)?.focus()}
            >
              {field.title}
            </Anchor>
            .
          </>
        )}
      </Text>
      <Text>Is it the right one? Ask an operator to give the workers this setting, then test again:</Text>
      <CodeBlock label="The setting for an operator" text={`TRIBUTARY_ALLOW_PRIVATE_ADDRESSES=${host}`} />
    </>
  )
}
