/** What somebody did, the newest first, by day, a page at a time. */
import { Badge, Button, Group, Select, Stack, Text } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { api, take } from '../../../api/client.js'
import { useRead } from '../../../api/hooks.js'
import { useTimeZone } from '../../../app/session.js'
import { EmptyState } from '../../../ui/empty-state.js'
import { ErrorState } from '../../../ui/error-state.js'
import { formatDate, toDate } from '../../../ui/format.js'
import { Loading } from '../../../ui/loading.js'
import { TimeText } from '../../../ui/texts.js'
import type { TimelineEvent } from '../api.js'
import { words } from '../parts/names.js'
import { ValueText } from '../parts/value-text.js'
import classes from './person.module.css'

const PAGE = 50

/** The tab. */
export function TimelineTab({ id }: { readonly id: string }) {
  const [event, setEvent] = useState<string | null>(null)
  const names = useRead('/api/v1/vocabulary/events')
  const zone = useTimeZone()
  const pages = useInfiniteQuery({
    queryKey: ['/api/v1/profiles/{id}/events', id, event],
    queryFn: ({ pageParam, signal }) =>
      take(
        api.GET('/api/v1/profiles/{id}/events', {
          params: {
            path: { id },
            query: {
              limit: PAGE,
              ...(pageParam !== undefined && { cursor: pageParam }),
              ...(event !== null && { event }),
            },
          },
          signal,
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next,
  })
  const events = pages.data?.pages.flatMap((page) => page.events) ?? []
  return (
    <Stack>
      <Select
        aria-label="Which events"
        placeholder="All events"
        clearable
        clearButtonProps={{ 'aria-label': 'Show all events' }}
        searchable
        w={{ base: '100%', xs: 260 }}
        data={(names.data?.events ?? []).map((known) => known.event)}
        value={event}
        onChange={setEvent}
      />
      {pages.error !== null && (
        <ErrorState
          error={pages.error}
          title="Could not read the events"
          retry={() => void pages.refetch()}
        />
      )}
      {pages.data === undefined && pages.error === null && <Loading what="Reading the events" />}
      {pages.data !== undefined && events.length === 0 && (
        <EmptyState title={event === null ? 'Nothing happened yet' : `No ${event}`}>
          {event === null
            ? 'No mapping makes an event of what is known of this person.'
            : 'Choose another event, or show all.'}
        </EmptyState>
      )}
      {byDay(events, zone).map(([day, of]) => (
        <section key={day} aria-label={day}>
          <h2 className={classes.day}>{day}</h2>
          <ol className={classes.timeline}>
            {of.map((each) => (
              <EventLine
                key={`${each.event}:${each.at}:${each.message_id}:${JSON.stringify(each.properties)}`}
                event={each}
              />
            ))}
          </ol>
        </section>
      ))}
      {pages.hasNextPage && (
        <Group>
          <Button
            variant="default"
            loading={pages.isFetchingNextPage}
            onClick={() => void pages.fetchNextPage()}
          >
            Show older ones
          </Button>
        </Group>
      )}
      {events.length > 0 && !pages.hasNextPage && (
        <Text size="sm" c="dimmed">
          That is all.
        </Text>
      )}
    </Stack>
  )
}

function EventLine({ event }: { readonly event: TimelineEvent }) {
  return (
    <li className={classes.event}>
      <Group gap={8}>
        <Text fw={550}>{event.event}</Text>
        <Text size="sm" c="dimmed">
          <TimeText at={event.at} as="exact" />, from {event.source}
        </Text>
      </Group>
      <Group gap={4} mt={4}>
        {Object.entries(event.properties).map(([name, value]) => (
          <Badge key={name} variant="default" size="sm" tt="none" fw={450}>
            {words(name)}: <ValueText name={name} value={value} />
          </Badge>
        ))}
      </Group>
    </li>
  )
}

function byDay(
  events: readonly TimelineEvent[],
  zone: string,
): readonly (readonly [string, readonly TimelineEvent[]])[] {
  const days = new Map<string, TimelineEvent[]>()
  for (const event of events) {
    const day = formatDate(toDate(event.at), zone)
    days.set(day, [...(days.get(day) ?? []), event])
  }
  return [...days]
}
