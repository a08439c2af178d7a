/** By whose clock dates and calendar periods are meant: the workspace's, or another one. */
import { Group, Select, Text } from '@mantine/core'
import { useMemo } from 'react'

/** Stands for the zone that holds where none is named. */
const INHERITED = ''

interface ZoneSelectProps {
  /** Heard as its name. */
  readonly label: string
  /** Empty: the inherited one. */
  readonly value: string
  /** Name of the zone that holds where none is chosen, and whose it is: `Europe/Paris`, `the workspace’s`. */
  readonly inherited: { readonly zone: string; readonly of: string }
  readonly onChange: (zone: string) => void
}

/** A zone that the browser does not know stays, and is shown as it is. */
export function ZoneSelect({ label, value, inherited, onChange }: ZoneSelectProps) {
  const data = useMemo(() => {
    // Not every browser counts it as a zone.
    const zones = [...new Set(['UTC', ...Intl.supportedValuesOf('timeZone')])]
    const others = value === INHERITED || zones.includes(value) ? zones : [value, ...zones]
    return [{ value: INHERITED, label: `${inherited.zone} (${inherited.of})` }, ...others]
  }, [value, inherited.zone, inherited.of])
  return (
    <Select
      aria-label={label}
      size="xs"
      w={{ base: '100%', xs: 260 }}
      data={data}
      value={value}
      onChange={(zone) => onChange(zone ?? INHERITED)}
      allowDeselect={false}
      searchable
      maxDropdownHeight={280}
      nothingFoundMessage="No zone is called so"
    />
  )
}

/** The clock of one condition, where the file names one of its own. */
export function ConditionZone(props: {
  readonly timeZone: string | undefined
  readonly segmentZone: string
  readonly onChange: (timeZone: string | undefined) => void
}) {
  const { timeZone, segmentZone, onChange } = props
  if (timeZone === undefined) return null
  return (
    <Group gap={6}>
      <Text size="sm">by the clock of</Text>
      <ZoneSelect
        label="Time zone of this condition"
        value={timeZone}
        inherited={{ zone: segmentZone, of: 'the segment’s' }}
        onChange={(zone) => onChange(zone === INHERITED ? undefined : zone)}
      />
    </Group>
  )
}
