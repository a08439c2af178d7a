/** One file as text. Saving keeps a draft, right or wrong; an edit of somebody else in between is shown, and none is lost. */
import { Anchor, Button, Group, Stack, Text, Textarea, Title } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { Link, useParams } from 'react-router'
import { isConflict } from '../../../api/api-error.js'
import { api, take } from '../../../api/client.js'
import { useForget, useRead } from '../../../api/hooks.js'
import type { components } from '../../../api/schema.js'
import { Answer } from '../../../ui/answer.js'
import { Outdated } from '../../../ui/draft/outdated.js'
import { ErrorState, Problems } from '../../../ui/error-state.js'
import { LeaveGuard } from '../../../ui/leave-guard.js'
import { LongName } from '../../../ui/long-name.js'
import { notifyUndo } from '../../../ui/notify.js'
import { StatusBadge } from '../../../ui/status-badge.js'
import { conflictOf, FileConflict } from './file-conflict.js'
import classes from './file-editor.module.css'

type FileView = components['schemas']['FileView']

/** The file that the address names. */
export function FileEditor() {
  const { '*': path = '' } = useParams()
  const file = useRead('/api/v1/workspace/files/{path}', { params: { path: { path } } })
  return (
    <Stack>
      <Group gap="sm">
        <Anchor component={Link} to="/settings/files" underline="always">
          All files
        </Anchor>
        <Title order={2}>
          <LongName name={path} />
        </Title>
        {file.data !== undefined && <StatusBadge status={file.data.state} />}
      </Group>
      <Answer of={file} what="the file">
        {(file) => <Editor key={path} file={file} />}
      </Answer>
    </Stack>
  )
}

function Editor({ file }: { readonly file: FileView }) {
  const forget = useForget()
  // What is edited, and the text that it began with: somebody else's edit does not change it under the reader's hands.
  const [base, setBase] = useState({ text: file.text, etag: file.etag as string | undefined })
  const [text, setText] = useState(file.text)
  const isDirty = text !== base.text
  const write = async (next: string, expected: string | undefined) => {
    const written = await take(
      api.PUT('/api/v1/workspace/files/{path}', {
        params: {
          path: { path: file.path },
          header: expected === undefined ? {} : { 'if-match': expected },
        },
        body: { text: next },
      }),
    )
    setBase({ text: next, etag: written.etag })
    setText(next)
    await forget('/api/v1/')
    return written
  }
  const save = useMutation({
    mutationFn: () => write(text, base.etag),
    onSuccess: ({ etag }) => notifyUndo({ message: 'Saved as a draft', undo: () => write(base.text, etag) }),
  })
  const conflict = isConflict(save.error) ? conflictOf(save.error) : undefined
  const settle = (mine: boolean) => {
    setBase({ text: conflict?.text ?? '', etag: conflict?.etag })
    if (!mine) setText(conflict?.text ?? '')
    save.reset()
  }
  // biome-ignore lint/correctness/useExhaustiveDependencies: another text was read, and nothing else is a reason.
  useEffect(() => {
    // While nothing is edited here, what was read is simply the text.
    if (isDirty) return
    setBase({ text: file.text, etag: file.etag })
    setText(file.text)
  }, [file.etag])
  return (
    <Stack>
      <Textarea
        aria-label={`Text of ${file.path}`}
        classNames={{ input: classes.text! }}
        autosize
        minRows={12}
        maxRows={40}
        spellCheck={false}
        autoComplete="off"
        value={text}
        onChange={({ currentTarget }) => setText(currentTarget.value)}
      />
      {!isDirty && <Problems problems={file.problems} />}
      {isDirty && base.etag !== file.etag && <Outdated what="this file" />}
      {save.error !== null && conflict === undefined && (
        <ErrorState title="It was not saved" error={save.error} />
      )}
      <Group justify="space-between" gap="xs">
        <Text c="dimmed" size="sm">
          A draft counts once it is{' '}
          <Anchor component={Link} to="/" inherit underline="always">
            published
          </Anchor>
          .
        </Text>
        <Button disabled={!isDirty} loading={save.isPending} onClick={() => save.mutate()}>
          Save as draft
        </Button>
      </Group>
      <FileConflict conflict={conflict} mine={text} onSettle={settle} />
      <LeaveGuard isDirty={isDirty} />
    </Stack>
  )
}
