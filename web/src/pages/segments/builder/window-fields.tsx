/** When events have to have happened. */
import { Text } from '@mantine/core'
import type { Window } from '../model/conditions.js'
import { PERIODS } from '../model/operators.js'
import { WordSelect } from './name-select.js'
import { DurationField, MomentField } from './time-literals.js'

const SPANS: Readonly<Record<Window['span'], string>> = {
  ever: 'at any time',
  within: 'in the last',
  ago: 'between … and … ago',
  dates: 'between two dates',
  calendar: 'in the calendar’s',
}

const BLANK: Readonly<Record<Window['span'], Window>> = {
  ever: { span: 'ever' },
  within: { span: 'within', within: '30d' },
  ago: { span: 'ago', from: '90d', to: '30d' },
  dates: { span: 'dates', since: '', until: '' },
  calendar: { span: 'calendar', period: 'this_month' },
}

interface WindowFieldsProps {
  readonly window: Window
  readonly onChange: (window: Window, typed: boolean) => void
  readonly error?: boolean
}

/** The fields of a window. */
export function WindowFields({ window, onChange, error }: WindowFieldsProps) {
  return (
    <>
      <WordSelect
        label="When"
        value={window.span}
        words={SPANS}
        width={190}
        onChange={(span) => onChange(BLANK[span as Window['span']], false)}
      />
      <Details window={window} onChange={onChange} error={error} />
    </>
  )
}

function Details({ window, onChange, error }: WindowFieldsProps) {
  switch (window.span) {
    case 'ever':
      return null
    case 'within':
      return (
        <DurationField
          label="Length of time"
          value={window.within}
          error={error}
          onChange={(within) => onChange({ span: 'within', within }, true)}
        />
      )
    case 'ago':
      return (
        <>
          <DurationField
            label="From so long ago"
            value={window.from}
            error={error}
            onChange={(from) => onChange({ ...window, from }, true)}
          />
          <Text size="sm">and</Text>
          <DurationField
            label="To so long ago"
            value={window.to}
            error={error}
            onChange={(to) => onChange({ ...window, to }, true)}
          />
          <Text size="sm">ago</Text>
        </>
      )
    case 'dates':
      return (
        <>
          <Text size="sm">from</Text>
          <MomentField
            label="From"
            value={window.since ?? ''}
            error={error}
            onChange={(since) => onChange(datesOf(since, window.until), true)}
          />
          <Text size="sm">to</Text>
          <MomentField
            label="To, included"
            value={window.until ?? ''}
            error={error}
            onChange={(until) => onChange(datesOf(window.since, until), true)}
          />
        </>
      )
    case 'calendar':
      return (
        <WordSelect
          label="Period"
          value={window.period}
          words={PERIODS}
          width={150}
          onChange={(period) => onChange({ span: 'calendar', period }, false)}
        />
      )
  }
}

/** An end that is left open is not written; with none of the two the reader has to say one. */
function datesOf(since: string | undefined, until: string | undefined): Window {
  const open = (text: string | undefined) => text === undefined || text === ''
  if (open(since) && open(until)) return BLANK.dates
  return { span: 'dates', ...(!open(since) && { since }), ...(!open(until) && { until }) }
}
