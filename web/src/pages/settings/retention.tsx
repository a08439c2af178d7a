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
import { KEPT, type RetentionTexts, readRetention, writeRetention } from './retention-file.js'

const FILE = { path: { path: 'tributary.yaml' } } as const

/** Lengths of time for each kind of data; saved into the workspace's file, and in force once it is published. */
export function Retention() {
  const file = useRead('/api/v1/workspace/files/{path}', { params: FILE })
  return (
    <Answer of={file} what="how long data is kept">
      {({ text, etag }) => <Lengths key={etag} text={text} etag={etag} reload={() => void file.refetch()} />}
    </Answer>
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
    onSuccess: (written) =>
      notifyUndo({
        message: 'Saved; it counts once it is published',
        undo: () => write(text, written),
      }),
  })
  const change = (key: keyof RetentionTexts, length: Length) =>
    setLengths(({ [key]: _before, ...others }) => {
      const next = lengthText(length)
      return next === undefined ? others : { ...others, [key]: next }
    })
  const conflict = save.error instanceof ApiError && save.error.status === 409
  return (
    <Paper p="md" maw={640}>
      <Stack>
        {KEPT.map(({ key, title, what }) => (
          <LengthField
            key={key}
            title={title}
            what={what}
            length={parseLength(lengths[key])}
            onChange={(length) => change(key, length)}
          />
        ))}
        {save.error !== null && (
          <ErrorState
            title={conflict ? 'Somebody else changed this meanwhile' : 'It was not saved'}
            error={save.error}
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
            loading={save.isPending}
            disabled={writeRetention(text, lengths) === writeRetention(text, readRetention(text))}
            onClick={() => save.mutate()}
          >
            Save
          </Button>
        </Group>
      </Stack>
    </Paper>
  )
}

function LengthField(props: {
  readonly title: string
  readonly what: string
  readonly length: Length
  readonly onChange: (length: Length) => void
}) {
  const { title, what, length, onChange } = props
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
        data={[...UNITS, { value: 'ever', label: 'for ever' }]}
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
