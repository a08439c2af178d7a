/** Who somebody is: every identifier that is theirs. */
import { CopyButton, Text, UnstyledButton } from '@mantine/core'
import { LongName } from '../../../ui/long-name.js'
import { Section } from '../../../ui/section.js'
import type { Person } from '../api.js'
import { MASK, valuesOf, words } from '../parts/names.js'
import classes from './person.module.css'

/** Identifiers by type; each can be copied. */
export function WhoPanel({ person }: { readonly person: Person }) {
  return (
    <Section title="Who">
      <dl className={classes.pairs}>
        {Object.entries(person.identifiers).map(([type, values]) => (
          <div key={type} style={{ display: 'contents' }}>
            <dt>{words(type)}</dt>
            <dd>
              {valuesOf(values).map((value) => (
                <Identifier key={value} type={type} value={value} />
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </Section>
  )
}

function Identifier({ type, value }: { readonly type: string; readonly value: string }) {
  if (value === MASK) return <Text>{MASK}</Text>
  return (
    <CopyButton value={value}>
      {({ copied, copy }) => (
        <UnstyledButton
          onClick={copy}
          display="block"
          aria-label={`Copy ${words(type)} ${value}`}
          title={copied ? 'Copied' : 'Copy'}
          maw="100%"
        >
          <LongName name={value} />
          {copied && (
            <Text span size="sm" c="dimmed">
              {' '}
              copied
            </Text>
          )}
        </UnstyledButton>
      )}
    </CopyButton>
  )
}
