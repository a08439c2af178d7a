/** Says that two profiles are one person: whom, what it would do, and then the saying, which can be taken back. */
import { Modal, Text } from '@mantine/core'
import { useState } from 'react'
import { api, take } from '../../../api/client.js'
import type { Person } from '../api.js'
import { labelOf } from '../parts/names.js'
import { type FoundPerson, PersonSearch } from '../parts/person-search.js'
import { DecisionStep } from './decision-step.js'

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
  const body = { a: { id: person.profile }, b: { id: other.profile } }
  return (
    <DecisionStep
      text={`${labelOf(person)} (${person.profile}) and ${labelOf(other)} (${other.profile}) become one profile, with all identifiers, traits and events of both.`}
      about={['merge', person.profile, other.profile]}
      simulate={(signal) => take(api.POST('/api/v1/profiles/merge/simulate', { body, signal }))}
      decide={(reason) => take(api.POST('/api/v1/profiles/merge', { body: { ...body, ...reason } }))}
      done={`${labelOf(person)} and ${labelOf(other)} are one person now.`}
      action="Merge them"
      leave="Somebody else"
      onLeave={onBack}
      onDone={onDone}
    />
  )
}
