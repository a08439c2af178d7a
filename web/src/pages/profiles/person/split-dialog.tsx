/** Says that an identifier is somebody else's: what it would do, and then the saying, which can be taken back. */
import { Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { api, take } from '../../../api/client.js'
import { useForget } from '../../../api/hooks.js'
import { ErrorState } from '../../../ui/error-state.js'
import { Loading } from '../../../ui/loading.js'
import type { IdentityName } from '../api.js'
import { words } from '../parts/names.js'
import { SimulationWords } from './simulation.js'
import { given, recordedNotice } from './steer.js'

interface SplitDialogProps {
  /** The identifier that goes; undefined: the window is closed. */
  readonly identifier: IdentityName | undefined
  readonly onClose: () => void
}

/** The window. */
export function SplitDialog({ identifier, onClose }: SplitDialogProps) {
  return (
    <Modal opened={identifier !== undefined} onClose={onClose} size="lg" title="Make it a person of its own">
      {identifier !== undefined && <SplitStep identifier={identifier} onDone={onClose} />}
    </Modal>
  )
}

function SplitStep({
  identifier,
  onDone,
}: {
  readonly identifier: IdentityName
  readonly onDone: () => void
}) {
  const [note, setNote] = useState('')
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>()
  const forget = useForget()
  const name = `${words(identifier.type)} ${identifier.value}`
  const simulation = useQuery({
    queryKey: ['/api/v1/profiles/split/simulate', identifier.type, identifier.value],
    queryFn: ({ signal }) =>
      take(api.POST('/api/v1/profiles/split/simulate', { body: { identifier: given(identifier) }, signal })),
    retry: false,
  })
  const split = async () => {
    setBusy(true)
    setError(undefined)
    try {
      const { record } = await take(
        api.POST('/api/v1/profiles/split', {
          body: { identifier: given(identifier), ...(note !== '' && { note }) },
        }),
      )
      onDone()
      await recordedNotice(`${name} is a person of its own now.`, record, forget)
    } catch (refusal) {
      setError(refusal)
    } finally {
      setBusy(false)
    }
  }
  return (
    <Stack>
      <Text>
        {name} leaves this person with everything that only it speaks of. Rows that name it together with the
        others link them no more.
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
      {error !== undefined && <ErrorState error={error} title="It could not be done" />}
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={onDone}>
          Leave it
        </Button>
        <Button onClick={() => void split()} loading={busy} disabled={simulation.data === undefined}>
          Split it off
        </Button>
      </Group>
    </Stack>
  )
}
