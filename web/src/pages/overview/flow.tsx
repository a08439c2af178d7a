/** The picture: four stations, joined in the direction of the data, each with what it holds and how it goes. */
import { Anchor, Paper, Text, Title } from '@mantine/core'
import { IconChevronRight } from '@tabler/icons-react'
import { type ReactNode, useId } from 'react'
import { Link } from 'react-router'
import type { components } from '../../api/schema.js'
import { formatCount, formatNumber } from '../../ui/format.js'
import { StatusBadge } from '../../ui/status-badge.js'
import { NumberText, TimeText } from '../../ui/texts.js'
import { statusOfSource } from '../sources/model/source-status.js'
import classes from './overview.module.css'

type Overview = components['schemas']['Overview']

/** At most this many things of a station are named; the rest is a link. */
const NAMED = 6

/** From sources to tools. */
export function Flow({ overview }: { readonly overview: Overview }) {
  const { sources, people, segments, activations, destinations, mappings } = overview
  const rowsDay = sources.reduce((sum, source) => sum + source.rowsDay, 0)
  return (
    <ol className={classes.flow} aria-label="From sources to tools">
      <Station
        title="Sources"
        to="/sources"
        count={sources.length}
        note={`${formatNumber(rowsDay)} rows in 24 hours`}
      >
        <Things
          to="/sources"
          things={sources.map((source) => ({
            id: source.id,
            to: `/sources/${encodeURIComponent(source.id)}`,
            status: statusOfSource(source),
            note: source.freshAt === null ? 'no data yet' : <TimeText at={source.freshAt} />,
          }))}
          none="No source yet. Add the first one to bring data in."
        />
      </Station>
      <Station
        title="People"
        to="/profiles"
        count={people?.profiles ?? 0}
        note={people === null ? 'not refreshed yet' : formatCount(people.identifiers, 'identifier')}
      >
        {people === null ? (
          <Text c="dimmed">
            {mappings === 0
              ? 'Map the columns of a source to people, so that they appear here.'
              : 'They appear after the first refresh.'}
          </Text>
        ) : (
          <dl className={classes.facts}>
            <dt>Up to</dt>
            <dd>
              <TimeText at={people.refreshedAt} />
            </dd>
            <dt>Refresh</dt>
            <dd>
              <StatusBadge status={people.outcome} />
            </dd>
            <dt>Mappings</dt>
            <dd>
              <NumberText value={mappings} />
            </dd>
          </dl>
        )}
      </Station>
      <Station
        title="Segments"
        to="/segments"
        count={segments}
        note={segments === 1 ? 'group of people' : 'groups of people'}
      >
        {segments === 0 ? (
          <Text c="dimmed">Say who you look for, and see at once how many there are.</Text>
        ) : (
          <dl className={classes.facts}>
            <dt>Sent somewhere</dt>
            <dd>
              <NumberText value={new Set(activations.map(({ segment }) => segment)).size} />
            </dd>
            <dt>Only looked at</dt>
            <dd>
              <NumberText value={segments - new Set(activations.map(({ segment }) => segment)).size} />
            </dd>
          </dl>
        )}
      </Station>
      <Station
        title="Tools"
        to="/activations"
        count={destinations.length}
        note={formatCount(activations.length, 'activation')}
      >
        <Things
          to="/activations"
          things={activations.map((activation) => ({
            id: activation.id,
            to: `/activations/${encodeURIComponent(activation.id)}`,
            status: activation.state === 'idle' ? (activation.lastOutcome ?? 'never') : activation.state,
            note: activation.lastAt === null ? 'not sent yet' : <TimeText at={activation.lastAt} />,
          }))}
          none="Nothing is sent anywhere yet. Send a segment to a tool you use."
        />
      </Station>
    </ol>
  )
}

function Station(props: {
  readonly title: string
  readonly to: string
  readonly count: number
  readonly note: string
  readonly children: ReactNode
}) {
  const { title, to, count, note, children } = props
  const id = useId()
  return (
    <li className={classes.station} aria-labelledby={id}>
      <Paper p="md" h="100%">
        <Title order={2} id={id}>
          <Link to={to} className={classes.stationLink}>
            {title}
            <IconChevronRight size={16} aria-hidden />
          </Link>
        </Title>
        <div className={classes.count}>{formatNumber(count)}</div>
        <Text c="dimmed" size="sm" mb="sm">
          {note}
        </Text>
        {children}
      </Paper>
    </li>
  )
}

interface Thing {
  readonly id: string
  readonly to: string
  readonly status: string
  readonly note: ReactNode
}

function Things(props: { readonly to: string; readonly things: readonly Thing[]; readonly none: string }) {
  const { to, things, none } = props
  if (things.length === 0) return <Text c="dimmed">{none}</Text>
  return (
    <>
      <ul className={classes.things}>
        {things.slice(0, NAMED).map((thing) => (
          <li key={thing.id}>
            <Link to={thing.to} className={classes.thing} title={thing.id}>
              {thing.id}
            </Link>
            <StatusBadge status={thing.status} />
            <Text span c="dimmed" size="sm" className={classes.note}>
              {thing.note}
            </Text>
          </li>
        ))}
      </ul>
      {things.length > NAMED && (
        <Anchor component={Link} to={to} size="sm">
          {things.length - NAMED} more
        </Anchor>
      )}
    </>
  )
}
