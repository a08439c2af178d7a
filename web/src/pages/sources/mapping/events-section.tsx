/** What happened: events that rows give. */
import { ActionIcon, Button, MultiSelect, Select, Stack, Text, TextInput } from '@mantine/core'
import { IconPlus, IconTrash } from '@tabler/icons-react'
import { Section } from '../../../ui/section.js'
import { type MappedEvent, setEvent } from '../model/mapping.js'
import { EventConditions } from './event-conditions.js'
import { EventProperties } from './event-properties.js'
import type { PartProps } from './identifiers-section.js'
import classes from './mapping.module.css'

interface EventsSectionProps extends PartProps {
  /** Types of the columns, by name. */
  readonly types: Readonly<Record<string, string>>
}

/** A card an event. */
export function EventsSection(props: EventsSectionProps) {
  const { mapping, onChange, disabled } = props
  const events = mapping.events ?? []
  return (
    <Section title="What happened" description="Each row gives one event for each of these that fits.">
      <Stack gap="sm">
        {events.length === 0 && <Text c="dimmed">Rows are no events yet.</Text>}
        {events.map((event, index) => (
          // A name is typed into this card: the place is what stays the same.
          // biome-ignore lint/suspicious/noArrayIndexKey: see above
          <EventCard key={index} {...props} event={event} index={index} />
        ))}
        {!disabled && (
          <Button
            variant="default"
            size="xs"
            leftSection={<IconPlus size={14} aria-hidden />}
            onClick={() => onChange(setEvent(mapping, events.length, { name: 'New event' }))}
            style={{ alignSelf: 'flex-start' }}
          >
            Add an event
          </Button>
        )}
      </Stack>
    </Section>
  )
}

interface EventCardProps extends EventsSectionProps {
  readonly event: MappedEvent
  readonly index: number
}

function EventCard({ mapping, columns, types, onChange, disabled, event, index }: EventCardProps) {
  const set = (changed: MappedEvent) => onChange(setEvent(mapping, index, changed))
  const { timestamp, message_id = [] } = event
  const isLookup = typeof timestamp === 'object'
  return (
    <Stack gap="sm" className={classes.event} role="group" aria-label={`Event ${event.name}`}>
      <div className={classes.row}>
        <TextInput
          label="Name of the event"
          value={event.name}
          disabled={disabled}
          error={event.name.trim() === '' ? 'Give it a name, for example Order Completed.' : undefined}
          onChange={(change) => set({ ...event, name: change.currentTarget.value })}
        />
        {isLookup ? (
          <TextInput
            label="It happened at"
            value={`${timestamp.field} of ${timestamp.lookup}`}
            readOnly
            disabled={disabled}
          />
        ) : (
          <Select
            label="It happened at"
            placeholder="when it was read"
            data={[...columns]}
            value={timestamp ?? null}
            searchable
            clearable
            clearButtonProps={{ 'aria-label': 'When it was read' }}
            disabled={disabled}
            onChange={(column) => {
              const { timestamp: _before, ...rest } = event
              set(column === null ? rest : { ...rest, timestamp: column })
            }}
          />
        )}
        <ActionIcon
          size="lg"
          aria-label={`Remove the event ${event.name}`}
          disabled={disabled}
          onClick={() => onChange(setEvent(mapping, index, undefined))}
        >
          <IconTrash size={16} aria-hidden />
        </ActionIcon>
      </div>
      <MultiSelect
        label="An event is known by"
        description="So that a row that is read twice counts once. Left empty: by the stream’s own key."
        data={[...columns]}
        value={[...message_id]}
        searchable
        disabled={disabled}
        onChange={(ids) => {
          const { message_id: _before, ...rest } = event
          set(ids.length === 0 ? rest : { ...rest, message_id: ids })
        }}
      />
      <EventConditions event={event} columns={columns} types={types} disabled={disabled} onChange={set} />
      <EventProperties event={event} columns={columns} disabled={disabled} onChange={set} />
    </Stack>
  )
}
