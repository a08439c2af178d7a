/** What holds of somebody: each trait with the source that said so, and when. */
import { Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import { Section } from '../../../ui/section.js'
import { TimeText } from '../../../ui/texts.js'
import type { Person } from '../api.js'
import { words } from '../parts/names.js'
import { textOf, ValueText } from '../parts/value-text.js'
import classes from './person.module.css'

/** More than these are searched rather than read. */
const SEARCHED_FROM = 10

/** By name. */
export function TraitsPanel({ traits }: { readonly traits: Person['traits'] }) {
  const [text, setText] = useState('')
  const all = Object.entries(traits).sort(([a], [b]) => a.localeCompare(b))
  const wanted = text.trim().toLowerCase()
  const shown = all.filter(([name, { value }]) =>
    `${words(name)} ${textOf(value)}`.toLowerCase().includes(wanted),
  )
  return (
    <Section title="What is known" description={`${all.length} traits`}>
      {all.length === 0 && <Text c="dimmed">No source says anything about them yet.</Text>}
      {all.length > SEARCHED_FROM && (
        <TextInput
          type="search"
          size="xs"
          aria-label="Find a trait"
          placeholder="Find a trait"
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          mb="xs"
        />
      )}
      {all.length > 0 && shown.length === 0 && <Text c="dimmed">No trait has these words.</Text>}
      <ul className={classes.traits}>
        {shown.map(([name, { value, source, at }]) => (
          <li key={name} className={classes.trait}>
            <div className={classes.head}>
              <Text size="sm" c="dimmed">
                {words(name)}
              </Text>
              <Text fw={550} component="div">
                <ValueText name={name} value={value} />
              </Text>
            </div>
            <Text size="xs" c="dimmed">
              {source === 'computed' ? 'computed from events' : `from ${source}`}
              {at !== null && (
                <>
                  , <TimeText at={at} as="date" />
                </>
              )}
            </Text>
          </li>
        ))}
      </ul>
    </Section>
  )
}
