/** Finds people as somebody types: by any identifier, its beginning, an id, or a word that a trait holds. */
import { Highlight, Loader, Text, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { IconSearch } from '@tabler/icons-react'
import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef, useState } from 'react'
import { useRead } from '../../../api/hooks.js'
import type { components } from '../../../api/schema.js'
import { useCan } from '../../../app/session.js'
import { ErrorState } from '../../../ui/error-state.js'
import { formatCount, formatDuration } from '../../../ui/format.js'
import { labelOf } from './names.js'
import classes from './person-search.module.css'

export type FoundPerson = components['schemas']['FoundPerson']

/** Short enough to seem at once, long enough to ask once for a word. */
const PAUSE_MS = 60

interface PersonSearchProps {
  /** What the field is called. */
  readonly label: string
  readonly onChoose: (person: FoundPerson) => void
  /** Not among the found. */
  readonly without?: string
  /** Shown while nothing is typed. */
  readonly children?: ReactNode
  readonly autoFocus?: boolean
  /** What stands in the field at first. */
  readonly initial?: string
  /** Called with what is asked, for an address that can be shared. */
  readonly onAsk?: (text: string) => void
}

/** A field with the people found below it: arrows move, Enter chooses. */
export function PersonSearch(props: PersonSearchProps) {
  const { label, onChoose, without, children, autoFocus = false, initial = '', onAsk } = props
  const [text, setText] = useState(initial)
  const [at, setAt] = useState(0)
  const [entered, setEntered] = useState('')
  const [asked] = useDebouncedValue(text.trim(), PAUSE_MS)
  const seesAll = useCan('marketer')
  const list = useRef<HTMLDivElement>(null)
  const id = useId()
  const answer = useRead(
    '/api/v1/profiles/search',
    { params: { query: { q: asked, limit: 20 } } },
    { enabled: asked !== '', keepPrevious: true },
  )
  const people =
    text.trim() === '' ? [] : (answer.data?.people ?? []).filter(({ profile }) => profile !== without)
  const current = Math.min(at, people.length - 1)
  const isAnswered = text.trim() === asked && answer.data !== undefined && !answer.isPlaceholderData
  const move = (event: KeyboardEvent) => {
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault()
      const next = Math.max(0, Math.min(people.length - 1, current + (event.key === 'ArrowDown' ? 1 : -1)))
      setAt(next)
      list.current?.children[next]?.scrollIntoView({ block: 'nearest' })
    }
    if (event.key !== 'Enter' || text.trim() === '') return
    event.preventDefault()
    const chosen = people[current]
    // What is on show may still be the answer to a shorter text: Enter waits for this one's.
    if (!isAnswered) setEntered(text)
    else if (chosen !== undefined) onChoose(chosen)
  }
  // biome-ignore lint/correctness/useExhaustiveDependencies: only an answer's coming chooses, and only once.
  useEffect(() => {
    if (entered !== text || !isAnswered) return
    setEntered('')
    if (people[0] !== undefined) onChoose(people[0])
  }, [isAnswered, answer.data])
  return (
    <div>
      <TextInput
        label={label}
        description={
          seesAll
            ? 'E-mail, phone, customer number, or any other identifier or its beginning; a name; an id.'
            : 'A whole identifier, or an id: your role does not see values, so it does not find by parts of them.'
        }
        role="combobox"
        aria-expanded={people.length > 0}
        aria-controls={`${id}-list`}
        aria-activedescendant={people.length > 0 ? `${id}-${current}` : undefined}
        aria-autocomplete="list"
        autoComplete="off"
        spellCheck={false}
        autoFocus={autoFocus}
        // In a window, which gives the focus to its own button otherwise.
        {...(autoFocus && { 'data-autofocus': true })}
        leftSection={<IconSearch size={16} aria-hidden />}
        rightSection={answer.isFetching && asked !== '' ? <Loader size={16} aria-hidden /> : undefined}
        value={text}
        onChange={(event) => {
          setText(event.currentTarget.value)
          setAt(0)
          onAsk?.(event.currentTarget.value.trim())
        }}
        onKeyDown={move}
        size="md"
      />
      <Text size="sm" c="dimmed" mt={6} role="status" mih={20}>
        {text.trim() !== '' && answer.data !== undefined && asked !== '' && said(people.length, answer.data)}
      </Text>
      {answer.error !== null && (
        <ErrorState error={answer.error} title="Could not search" retry={() => void answer.refetch()} />
      )}
      <div
        ref={list}
        id={`${id}-list`}
        role="listbox"
        aria-label="People found"
        className={classes.list}
        hidden={people.length === 0}
      >
        {people.map((person, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the field has the keys, as a combobox does.
          <div
            key={person.profile}
            id={`${id}-${index}`}
            role="option"
            // The focus stays in the field.
            tabIndex={-1}
            aria-selected={index === current}
            className={classes.person}
            onMouseMove={() => setAt(index)}
            onClick={() => onChoose(person)}
          >
            <FoundLine person={person} words={asked} />
          </div>
        ))}
      </div>
      {text.trim() === '' && children}
    </div>
  )
}

function said(
  count: number,
  { more, seconds }: { readonly more: boolean; readonly seconds: number },
): string {
  if (count === 0) return 'Nobody is known by this. Try another identifier, or fewer letters.'
  const people = formatCount(count, 'person', 'people')
  return `${people}, in ${formatDuration(seconds)}${more ? '; there may be more, type more to narrow it' : ''}`
}

function FoundLine({ person, words }: { readonly person: FoundPerson; readonly words: string }) {
  const [match] = person.matches
  return (
    <>
      <Text fw={550} truncate>
        {labelOf(person)}
      </Text>
      {match !== undefined && (
        <Text size="sm" c="dimmed" truncate component="div">
          {match.name.replaceAll('_', ' ')}:{' '}
          <Highlight component="span" inherit highlight={words.split(/\s+/)} color="yellow">
            {match.value}
          </Highlight>
        </Text>
      )}
      <Text size="xs" c="dimmed">
        {person.profile}
      </Text>
    </>
  )
}
