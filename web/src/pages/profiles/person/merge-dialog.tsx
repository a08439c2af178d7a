/** Says that two profiles are one person: whom, what it would do, and then the saying, which can be taken back. */
import { Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { api, take } from '../../../api/client.js'
import { useForget } from '../../../api/hooks.js'
import { ErrorState } from '../../../ui/error-state.js'
import { Loading } from '../../../ui/loading.js'
import type { Person } from '../api.js'
import { labelOf } from '../parts/names.js'
import { type FoundPerson, PersonSearch } from '../parts/person-search.js'
import { SimulationWords } from './simulation.js'
import { recordedNotice } from './steer.js'

interface MergeDialogProps {
  readonly person: Person
  readonly opened: boolean
  readonly onClose: () => void
}

/** The window. */
export function MergeDialog({ person, opened, onClose }: MergeDialogProps) {
  const [other, setOther] = useState<FoundPerson>()
  const close = () => {
    setOther(undefined)
    onClose()
  }
  return (
    <Modal opened={opened} onClose={close} size="lg" title={`Merge ${labelOf(person)} with another profile`}>
      {other === undefined ? (
        <PersonSearch label="Who is the same person?" autoFocus without={person.profile} onChoose={setOther}>
          <Text size="sm" c="dimmed">
            You see what it would do before anything is done.
          </Text>
        </PersonSearch>
      ) : (
        <MergeStep person={person} other={other} onBack={() => setOther(undefined)} onDone={close} />
      )}
    </Modal>
  )
}

function MergeStep(props: {
  readonly person: Person
  readonly other: FoundPerson
  readonly onBack: () => void
  readonly onDone: () => void
}) {
  const { person, other, onBack, onDone } = props
  const [note, setNote] = useState('')
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>()
  const forget = useForget()
  const body = { a: { id: person.profile }, b: { id: other.profile } }
  const simulation = useQuery({
    queryKey: ['/api/v1/profiles/merge/simulate', person.profile, other.profile],
    queryFn: ({ signal }) => take(api.POST('/api/v1/profiles/merge/simulate', { body, signal })),
    retry: false,
  })
  const merge = async () => {
    setBusy(true)
    setError(undefined)
    try {
      const { record } = await take(
        api.POST('/api/v1/profiles/merge', { body: { ...body, ...(note !== '' && { note }) } }),
      )
      onDone()
      await recordedNotice(`${labelOf(person)} and ${labelOf(other)} are one person now.`, record, forget)
    } catch (refusal) {
      setError(refusal)
    } finally {
      setBusy(false)
    }
  }
  return (
    <Stack>
      <Text>
        {labelOf(person)} ({person.profile}) and {labelOf(other)} ({other.profile}) become one profile, with
        all identifiers, traits and events of both.
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
        <Button variant="default" onClick={onBack}>
          Somebody else
        </Button>
        <Button onClick={() => void merge()} loading={busy} disabled={simulation.data === undefined}>
          Merge them
        </Button>
      </Group>
    </Stack>
  )
}
