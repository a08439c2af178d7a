/** Puts people on a list: what names them is pasted, and what names nobody is shown again. */
import { Alert, Button, Group, Modal, Select, Stack, Text, Textarea, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useNavigate } from 'react-router'
import { useForget, useRead } from '../../../api/hooks.js'
import { Answer } from '../../../ui/answer.js'
import { ErrorState } from '../../../ui/error-state.js'
import { formatCount } from '../../../ui/format.js'
import { notifyDone } from '../../../ui/notify.js'
import { words } from '../../profiles/parts/names.js'
import type { ListChanged } from '../api.js'
import { addToList, pastedValues } from './change-list.js'

/** So many the API takes at once. */
const MOST = 10_000

interface AddDialogProps {
  /** Undefined: a new one, which gets a name here. */
  readonly list: string | undefined
  readonly onClose: () => void
}

/** The window. */
export function AddDialog({ list, onClose }: AddDialogProps) {
  const vocabulary = useRead('/api/v1/vocabulary')
  return (
    <Modal
      opened
      onClose={onClose}
      size="lg"
      title={list === undefined ? 'A new list' : `Put people on ${list}`}
    >
      <Answer of={vocabulary} what="how people are known">
        {({ identifiers }) =>
          identifiers.length === 0 ? (
            <Text>Nobody is known yet: map the columns of a source to people first.</Text>
          ) : (
            <AddForm list={list} types={identifiers} onClose={onClose} />
          )
        }
      </Answer>
    </Modal>
  )
}

function AddForm(props: AddDialogProps & { readonly types: readonly string[] }) {
  const { list, types, onClose } = props
  const [name, setName] = useState(list ?? '')
  const [type, setType] = useState(types.includes('email') ? 'email' : types[0]!)
  const [text, setText] = useState('')
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>()
  const [refused, setRefused] = useState<readonly string[]>([])
  const forget = useForget()
  const navigate = useNavigate()
  const values = pastedValues(text)
  const to = name.trim()
  const add = async () => {
    setBusy(true)
    setError(undefined)
    try {
      const changed = await addToList({ list: to, type, values })
      await forget('/api/v1/lists', '/api/v1/vocabulary', '/api/v1/runs')
      notifyDone(saidOf(changed))
      const left = valuesOf(changed.refused)
      if (left.length > 0) {
        setRefused(left)
        return setText(left.join('\n'))
      }
      onClose()
      if (list === undefined) await navigate(`/segments/lists/${encodeURIComponent(to)}`)
    } catch (refusal) {
      setError(refusal)
    } finally {
      setBusy(false)
    }
  }
  return (
    <Stack>
      {list === undefined && (
        <TextInput
          label="Name"
          required
          placeholder="Guests of the opening"
          maxLength={200}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          data-autofocus
        />
      )}
      <Select
        label="They are named by their"
        data={types.map((value) => ({ value, label: words(value) }))}
        value={type}
        allowDeselect={false}
        onChange={(chosen) => chosen !== null && setType(chosen)}
      />
      <Textarea
        label="Who"
        description="One a line, or pasted from a spreadsheet."
        autosize
        minRows={5}
        maxRows={14}
        spellCheck={false}
        value={text}
        error={values.length > MOST ? `At most ${formatCount(MOST, 'person', 'people')} at once.` : undefined}
        onChange={(event) => setText(event.currentTarget.value)}
        {...(list !== undefined && { 'data-autofocus': true })}
      />
      {refused.length > 0 && (
        <Alert color="yellow" variant="default" title={`${formatCount(refused.length, 'value')} left out`}>
          They are no {words(type)}, or identify nobody by the rules of identity. They stand above: put them
          right, or close this window.
        </Alert>
      )}
      {error !== undefined && <ErrorState error={error} title="The list could not be changed" />}
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={onClose}>
          Close
        </Button>
        <Button
          onClick={() => void add()}
          loading={busy}
          disabled={to === '' || values.length === 0 || values.length > MOST}
        >
          {values.length === 0
            ? 'Put them on it'
            : `Put ${formatCount(values.length, 'person', 'people')} on it`}
        </Button>
      </Group>
    </Stack>
  )
}

/** Hidden ones come as one text in place of the list. */
function valuesOf(refused: ListChanged['refused']): readonly string[] {
  return typeof refused === 'string' ? [] : refused.map(({ value }) => value)
}

function saidOf({ list, changed, unchanged }: ListChanged): string {
  const were = unchanged === 0 ? '' : `; ${formatCount(unchanged, 'was', 'were')} on it already`
  return `${formatCount(changed, 'person', 'people')} put on ${list}${were}`
}
