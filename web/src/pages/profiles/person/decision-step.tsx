/** The step in which somebody says who is who: what it would do, why it is said, and the saying, which can be taken back. */
import { Button, Group, Stack, Text, TextInput } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { useForget } from '../../../api/hooks.js'
import { ErrorState } from '../../../ui/error-state.js'
import { Loading } from '../../../ui/loading.js'
import type { Simulation } from '../api.js'
import { SimulationWords } from './simulation.js'
import { recordedNotice } from './steer.js'

interface DecisionStepProps {
  /** What becomes of whom, in words. */
  readonly text: string
  /** Names what is asked: the same for the same people. */
  readonly about: readonly string[]
  readonly simulate: (signal: AbortSignal) => Promise<Simulation>
  /** Records it. */
  readonly decide: (reason: { readonly note?: string }) => Promise<{ readonly record: string }>
  /** Said when it is recorded. */
  readonly done: string
  readonly action: string
  readonly leave: string
  readonly onLeave: () => void
  readonly onDone: () => void
}

/** Nothing can be said before it is known what it would do. */
export function DecisionStep(props: DecisionStepProps) {
  const { text, about, simulate, decide, done, action, leave, onLeave, onDone } = props
  const [note, setNote] = useState('')
  const question = useRef<HTMLParagraphElement>(null)
  // What led here may be gone, and the focus with it: readers go on where it is said what would happen.
  useEffect(() => question.current?.focus(), [])
  const forget = useForget()
  const simulation = useQuery({
    queryKey: ['/api/v1/profiles/simulate', ...about],
    queryFn: ({ signal }) => simulate(signal),
    retry: false,
  })
  const decision = useMutation({
    mutationFn: () => decide(note === '' ? {} : { note }),
    async onSuccess({ record }) {
      onDone()
      await recordedNotice(done, record, forget)
    },
  })
  return (
    <Stack>
      <Text ref={question} tabIndex={-1} data-autofocus style={{ outline: 'none' }}>
        {text}
      </Text>
      {simulation.data !== undefined && <SimulationWords of={simulation.data} />}
      {simulation.error !== null && (
        <ErrorState
          error={simulation.error}
          title="Could not work out what it would do"
          retry={() => void simulation.refetch()}
        />
      )}
      {simulation.isPending && <Loading what="Working out what it would do" lines={2} />}
      <TextInput
        label="Why"
        description="Kept with it, for whoever looks later."
        value={note}
        maxLength={500}
        onChange={(event) => setNote(event.currentTarget.value)}
      />
      {decision.error !== null && <ErrorState error={decision.error} title="It could not be done" />}
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={onLeave}>
          {leave}
        </Button>
        <Button
          onClick={() => decision.mutate()}
          loading={decision.isPending}
          disabled={simulation.data === undefined}
        >
          {action}
        </Button>
      </Group>
    </Stack>
  )
}
