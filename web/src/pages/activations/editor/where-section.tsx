/** Where it is sent, and what happens there: the tool, one of its objects, and the way of sending. */
import { Anchor, Group, Radio, Select, Stack, Text } from '@mantine/core'
import type { UseQueryResult } from '@tanstack/react-query'
import { useEffect } from 'react'
import { Link } from 'react-router'
import { useRead } from '../../../api/hooks.js'
import { ErrorState } from '../../../ui/error-state.js'
import { Loading } from '../../../ui/loading.js'
import { Section } from '../../../ui/section.js'
import { chooseObject, MODES, modesOf, type TargetObject } from '../model/fit.js'
import { problemsAt } from '../model/gaps.js'
import { errorText, useTools } from './tools.js'

interface WhereSectionProps {
  /** What the destination says it has; undefined while none is chosen. */
  readonly objects: UseQueryResult<{
    readonly objects: readonly TargetObject[]
    readonly warnings: readonly string[]
  }>
  /** Where a new destination is made; called before the page is left. */
  readonly connect: { readonly to: string; readonly onLeave: () => void }
}

export function WhereSection({ objects, connect }: WhereSectionProps) {
  const { definition, change, known, problems } = useTools()
  const { destination } = definition
  const found = objects.data?.objects
  // A tool with one object leaves nothing to choose.
  const only = found?.length === 1 ? found[0] : undefined
  useEffect(() => {
    if (only !== undefined && definition.object === '') change(chooseObject(definition, only, known))
  }, [only, definition, change, known])
  return (
    <Section title="Where it is sent">
      <Stack gap="md">
        <DestinationField />
        <Text size="sm">
          Not in the list?{' '}
          <Anchor component={Link} to={connect.to} onClick={connect.onLeave}>
            Connect a destination
          </Anchor>
        </Text>
        {destination !== '' &&
          (objects.isError ? (
            <ErrorState
              error={objects.error}
              title={`${destination} does not say what can be written there`}
              retry={() => void objects.refetch()}
            />
          ) : found === undefined ? (
            <Loading what={`Asking ${destination} what can be written there`} lines={2} />
          ) : (
            <ObjectField objects={found} />
          ))}
        {(objects.data?.warnings ?? []).map((warning) => (
          <Text key={warning} size="sm" c="dimmed">
            {warning}
          </Text>
        ))}
        {definition.object !== '' && <ModeField error={errorText(problemsAt(problems, 'mode'))} />}
      </Stack>
    </Section>
  )
}

function DestinationField() {
  const { definition, change, problems } = useTools()
  const { destination } = definition
  const answer = useRead('/api/v1/destinations')
  const all = (answer.data?.destinations ?? []).filter(
    ({ id, state }) => state !== 'removed' || id === destination,
  )
  const data = all.map(({ id, title, connector }) => ({
    value: id,
    label: `${id} · ${title ?? connector ?? 'not readable'}`,
  }))
  const isKnown = destination === '' || all.some(({ id }) => id === destination)
  return (
    <Select
      label="Destination"
      required
      searchable
      allowDeselect={false}
      placeholder="Choose a tool"
      nothingFoundMessage={all.length === 0 ? 'No tool is connected yet' : 'No destination is called so'}
      value={destination === '' ? null : destination}
      data={isKnown ? data : [...data, { value: destination, label: destination }]}
      error={
        answer.error === null
          ? errorText(problemsAt(problems, 'destination'))
          : 'The destinations could not be read. Load the page again.'
      }
      onChange={(next) => {
        if (next === null || next === destination) return
        change({ ...definition, destination: next, object: '' })
      }}
    />
  )
}

function ObjectField({ objects }: { readonly objects: readonly TargetObject[] }) {
  const { definition, change, known, object, problems } = useTools()
  const chosen = definition.object
  const isKnown = chosen === '' || object !== undefined
  const data = objects.map(({ name, title }) => ({ value: name, label: title }))
  return (
    <Select
      label="What is written there"
      required
      searchable
      allowDeselect={false}
      placeholder="Choose one"
      nothingFoundMessage="It has nothing of that name"
      description={object?.description}
      value={chosen === '' ? null : chosen}
      data={isKnown ? data : [...data, { value: chosen, label: chosen }]}
      error={errorText(problemsAt(problems, 'object'))}
      onChange={(next) => {
        const target = objects.find(({ name }) => name === next)
        if (target !== undefined) change(chooseObject(definition, target, known))
      }}
    />
  )
}

function ModeField({ error }: { readonly error: string | undefined }) {
  const { definition, change, object } = useTools()
  const possible = object === undefined ? [definition.mode] : modesOf(object)
  const offered = MODES.filter(({ mode }) => possible.includes(mode) || mode === definition.mode)
  return (
    <Radio.Group
      label="What happens there"
      value={definition.mode}
      error={error}
      onChange={(mode) => change({ ...definition, mode: mode as typeof definition.mode })}
    >
      <Stack gap={8} mt={6}>
        {offered.map(({ mode, title, meaning }) => (
          <Group key={mode}>
            <Radio value={mode} label={title} description={meaning} />
          </Group>
        ))}
      </Stack>
    </Radio.Group>
  )
}
