/** Files from this computer, sent to a folder of the workspace: chosen or dropped, and shown as they are there. */
import { ActionIcon, Box, Button, FileButton, Group, Progress, Stack, Text } from '@mantine/core'
import { IconTrash } from '@tabler/icons-react'
import { type DragEvent, useEffect, useRef, useState } from 'react'
import { api, take } from '../../api/client.js'
import { useForget, useRead } from '../../api/hooks.js'
import { Answer } from '../answer.js'
import { formatBytes } from '../format.js'
import { LongName } from '../long-name.js'
import { notifyDone, notifyFailed, notifyUndo } from '../notify.js'
import { TimeText } from '../texts.js'
import { sentenceOf } from '../words.js'
import { sendFile } from './send-file.js'
import { isAccepted, newFolder } from './upload-names.js'
import classes from './uploads.module.css'

interface UploadsProps {
  /** Where they are; undefined: nothing was sent yet. */
  readonly folder: string | undefined
  /** How names of files that can be read end: `.csv`. */
  readonly accept: readonly string[]
  /** Called with the folder that the first file made. */
  readonly onFolder: (folder: string) => void
}

/** A file on its way. */
interface Sending {
  readonly file: File
  readonly share: number
  /** Why it did not come. */
  readonly failure?: string
}

/** The files that are there, those on their way, and the place to drop others. */
export function Uploads({ folder, accept, onFolder }: UploadsProps) {
  const [sending, setSending] = useState<readonly Sending[]>([])
  const [isOver, setOver] = useState(false)
  const leaving = useRef<AbortController>(undefined)
  const place = useRef(folder)
  place.current = folder ?? place.current
  const forget = useForget()
  useEffect(() => {
    const left = new AbortController()
    leaving.current = left
    return () => left.abort()
  }, [])
  const change = (file: File, part: Partial<Sending>) =>
    setSending((all) => all.map((each) => (each.file === file ? { ...each, ...part } : each)))
  const send = async (file: File, to: string): Promise<boolean> => {
    const { signal } = leaving.current!
    try {
      await sendFile({ folder: to, file, signal, onShare: (share) => change(file, { share }) })
      await forget('/api/v1/uploads/')
      setSending((all) => all.filter((each) => each.file !== file))
      notifyDone(`${file.name} was sent`)
      return true
    } catch (error) {
      change(file, { failure: error instanceof Error ? error.message : String(error) })
      return false
    }
  }
  const takeFiles = async (files: readonly File[]) => {
    const good = files.filter(({ name }) => isAccepted(name, accept))
    const added = files.map((file): Sending => {
      const failure = { failure: `it cannot be read; send a file that ends with ${accept.join(', ')}` }
      return { file, share: 0, ...(good.includes(file) ? {} : failure) }
    })
    // What failed before and comes again is not there twice.
    const names = files.map(({ name }) => name)
    setSending((all) => [...all.filter(({ file }) => !names.includes(file.name)), ...added])
    const [first] = good
    if (first === undefined) return
    place.current ??= newFolder(first.name)
    let isFilled = false
    for (const file of good) isFilled = (await send(file, place.current)) || isFilled
    // A folder without a file is none that could be read.
    if (isFilled) onFolder(place.current)
  }
  const drop = (event: DragEvent) => {
    event.preventDefault()
    setOver(false)
    void takeFiles([...event.dataTransfer.files])
  }
  return (
    <Stack
      className={classes.place}
      gap="sm"
      p="sm"
      data-over={isOver || undefined}
      onDragOver={(event) => {
        event.preventDefault()
        setOver(true)
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <Group justify="space-between" gap="xs">
        <Text size="sm">
          Drop files from your computer here, or choose them. Each sync reads what is here then.
        </Text>
        <FileButton multiple accept={accept.join(',')} onChange={(files) => void takeFiles(files)}>
          {(button) => (
            <Button {...button} size="compact-sm" variant="default">
              Choose files
            </Button>
          )}
        </FileButton>
      </Group>
      {folder !== undefined && <Sent folder={folder} />}
      {sending.map(({ file, share, failure }) => (
        <Box key={file.name}>
          <Text size="sm" {...(failure !== undefined && { c: 'var(--mantine-color-error)', role: 'alert' })}>
            <LongName name={file.name} />
            {failure === undefined ? `, ${formatBytes(file.size)}` : `: ${sentenceOf(failure)}`}
          </Text>
          {failure === undefined && <Progress value={share * 100} aria-label={`Sending ${file.name}`} />}
        </Box>
      ))}
    </Stack>
  )
}

function Sent({ folder }: { readonly folder: string }) {
  const sent = useRead('/api/v1/uploads/{folder}', { params: { path: { folder } } })
  const forget = useForget()
  const remove = async (file: string) => {
    const params = { path: { folder, file } }
    try {
      await take(api.DELETE('/api/v1/uploads/{folder}/{file}', { params }))
      await forget('/api/v1/uploads/')
    } catch (error) {
      return notifyFailed(`${file} could not be removed`, error)
    }
    notifyUndo({
      message: `${file} was removed`,
      undo: async () => {
        await take(api.POST('/api/v1/uploads/{folder}/{file}/restore', { params }))
        await forget('/api/v1/uploads/')
      },
    })
  }
  return (
    <Answer of={sent} what="the files that were sent">
      {({ files }) =>
        files.length > 0 && (
          <ul className={classes.files} aria-label="Files that were sent">
            {files.map(({ name, bytes, changedAt }) => (
              <li key={name}>
                <Text size="sm" component="span" miw={0}>
                  <LongName name={name} />
                  <Text size="sm" c="dimmed" component="span">
                    {' '}
                    {formatBytes(bytes)}, <TimeText at={changedAt} />
                  </Text>
                </Text>
                <ActionIcon aria-label={`Remove ${name}`} onClick={() => void remove(name)}>
                  <IconTrash size={16} aria-hidden />
                </ActionIcon>
              </li>
            ))}
          </ul>
        )
      }
    </Answer>
  )
}
