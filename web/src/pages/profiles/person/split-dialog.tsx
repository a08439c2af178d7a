/** Says that an identifier is somebody else's: what it would do, and then the saying, which can be taken back. */
import { Modal } from '@mantine/core'
import { api, take } from '../../../api/client.js'
import type { IdentityName } from '../api.js'
import { words } from '../parts/names.js'
import { DecisionStep } from './decision-step.js'
import { given } from './steer.js'

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
  const name = `${words(identifier.type)} ${identifier.value}`
  const body = { identifier: given(identifier) }
  return (
    <DecisionStep
      text={`${name} leaves this person with everything that only it speaks of. Rows that name it together with the others link them no more.`}
      about={['split', identifier.type, identifier.value]}
      simulate={(signal) => take(api.POST('/api/v1/profiles/split/simulate', { body, signal }))}
      decide={(reason) => take(api.POST('/api/v1/profiles/split', { body: { ...body, ...reason } }))}
      done={`${name} is a person of its own now.`}
      action="Split it off"
      leave="Leave it"
      onLeave={onDone}
      onDone={onDone}
    />
  )
}
