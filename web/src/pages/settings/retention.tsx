/** How long data is kept. */
import { Anchor, Button, Group, NumberInput, Paper, Select, Stack, Text } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { Link } from 'react-router'
import { ApiError } from '../../api/api-error.js'
import { api, take } from '../../api/client.js'
import { useForget, useRead } from '../../api/hooks.js'
import { Answer } from '../../ui/answer.js'
import { ErrorState } from '../../ui/error-state.js'
import { notifyUndo } from '../../ui/notify.js'
import { type Length, lengthText, parseLength, UNITS, type Unit } from './durations.js'
import { KEPT, type KeptKind, readRetention, shortened, writeRetention } from './retention-file.js'
import { InForce } from './retention-in-force.js'
import { ShortenRetention, type WouldGo } from './shorten-retention.js'

const FILE = { path: { path: 'tributary.yaml' } } as const

/** Lengths of time for each kind of data; saved into the workspace's file, and in force once it is published. */
export function Retention() {
  const file = useRead('/api/v1/workspace/files/{path}', { params: FILE })
  return (
    <Stack maw={640}>
      <Answer of={file} what="how long data is kept">
        {({ text, etag }) => (
          <Lengths key={etag} text={text} etag={etag} reload={() => void file.refetch()} />
        )}
      </Answer>
      <InForce />
    </Stack>
  )
}

function Lengths(props: { readonly text: string; readonly etag: string; readonly reload: () => void }) {
  const { text, etag, reload } = props
  const forget = useForget()
  const [lengths, setLengths] = useState(readRetention(text))
  const write = async (next: string, expected: string) => {
    const written = await take(
      api.PUT('/api/v1/workspace/files/{path}', {
        params: { ...FILE, header: { 'if-match': expected } },
        body: { text: next },
      }),
    )
    await forget('/api/v1/workspace')
    return written.etag
  }
  const save = useMutation({
    mutationFn: () => write(writeRetention(text, lengths), etag),
    onSuccess: (written) => {
      setAsked(undefined)
      notifyUndo({
        message: 'Saved; it counts once it is published',
        undo: () => write(text, written),
      })
    },
  })
  const [asked, setAsked] = useState<WouldGo>()
  // What a shorter time would remove is told before it is saved.
  const ask = useMutation({
    mutationFn: async () => {
      const kinds = shortened(readRetention(text), lengths)
      if (kinds.length === 0) return undefined
      const found = await take(api.POST('/api/v1/retention/preview', { body: { lengths } }))
      const gone = found.kinds.filter(({ kind, rows }) => kinds.includes(kind) && rows > 0)
      return gone.length === 0 ? undefined : gone
    },
    onSuccess: (gone) => (gone === undefined ? save.mutate() : setAsked(gone)),
  })
  const change = (key: KeptKind, length: Length) =>
    setLengths(({ [key]: _before, ...others }) => {
      const next = lengthText(length)
      return next === undefined ? others : { ...others, [key]: next }
    })
  const error = save.error ?? ask.error
  const conflict = error instanceof ApiError && error.status === 409
  return (
    <Paper p="md">
      <Stack>
        {KEPT.map(({ key, title, what, unnamed }) => (
          <LengthField
            key={key}
            title={title}
            what={what}
            length={parseLength(lengths[key] ?? unnamed)}
            endless={unnamed === undefined}
            onChange={(length) => change(key, length)}
          />
        ))}
        {error !== null && (
          <ErrorState
            title={conflict ? 'Somebody else changed this meanwhile' : 'It was not saved'}
            error={error}
            retry={conflict ? reload : undefined}
          />
        )}
        <Group justify="space-between">
          <Text c="dimmed" size="sm">
            Changes count once they are{' '}
            <Anchor component={Link} to="/" inherit underline="always">
              published
            </Anchor>
            .
          </Text>
          <Button
            loading={save.isPending || ask.isPending}
            disabled={writeRetention(text, lengths) === writeRetention(text, readRetention(text))}
            onClick={() => ask.mutate()}
          >
            Save
          </Button>
        </Group>
      </Stack>
      <ShortenRetention
        kinds={asked}
        busy={save.isPending}
        onKeep={() => setAsked(undefined)}
        onShorten={() => save.mutate()}
      />
    </Paper>
  )
}

function LengthField(props: {
  readonly title: string
  readonly what: string
  readonly length: Length
  /** It can be kept for ever. */
  readonly endless: boolean
  readonly onChange: (length: Length) => void
}) {
  const { title, what, length, endless, onChange } = props
  return (
    <Group component="fieldset" gap="sm" align="flex-end" m={0} p={0} bd={0}>
      <Text component="legend" fw={550} mb={4} p={0}>
        {title}
        <Text span c="dimmed" size="sm" display="block" fw={400}>
          {what}
        </Text>
      </Text>
      {length !== undefined && (
        <NumberInput
          aria-label={`${title}: how many`}
          min={1}
          max={36_500}
          allowDecimal={false}
          w={110}
          value={length.count}
          onChange={(count) => {
            if (typeof count === 'number' && count >= 1) onChange({ ...length, count })
          }}
        />
      )}
      <Select
        aria-label={`${title}: unit`}
        data={endless ? [...UNITS, { value: 'ever', label: 'for ever' }] : [...UNITS]}
        w={140}
        allowDeselect={false}
        value={length?.unit ?? 'ever'}
        onChange={(unit) =>
          onChange(unit === 'ever' ? undefined : { count: length?.count ?? 1, unit: (unit ?? 'd') as Unit })
        }
      />
    </Group>
  )
}
