/** The builder: conditions at the left, the exact count and some of the people at the right, always at hand what it says in words. */
import {
  ActionIcon,
  Alert,
  Button,
  Group,
  Paper,
  SegmentedControl,
  Stack,
  Text,
  Textarea,
  TextInput,
  Tooltip,
} from '@mantine/core'
import { IconArrowBackUp, IconArrowForwardUp } from '@tabler/icons-react'
import { useMemo, useState } from 'react'
import { useNavigate } from 'react-router'
import { useForget, useRead } from '../../../api/hooks.js'
import { CodeBlock } from '../../../ui/code-block.js'
import { ErrorState } from '../../../ui/error-state.js'
import { LeaveGuard } from '../../../ui/leave-guard.js'
import { notifyDone } from '../../../ui/notify.js'
import { Page } from '../../../ui/page.js'
import { proposeId } from '../../../ui/propose-id.js'
import { toYaml } from '../../../ui/yaml.js'
import type { Vocabulary } from '../api.js'
import type { Draft } from '../model/conditions.js'
import { isSame, type Json } from '../model/definition.js'
import { placeOf } from '../model/places.js'
import { readDefinition } from '../model/read.js'
import { nodesOf } from '../model/tree.js'
import { writeDefinition } from '../model/write.js'
import { PublishDialog } from '../publish-dialog.js'
import classes from './builder.module.css'
import { ConflictDialog } from './conflict-dialog.js'
import { CountPanel } from './count-panel.js'
import { isConflict, readSegment, type SegmentDocument, saveSegment } from './save.js'
import { type BuilderTools, type PlacedProblem, ToolsProvider } from './tools.js'
import { TreeView } from './tree-view.js'
import { useDraft } from './use-draft.js'
import { usePreview } from './use-preview.js'

interface BuilderProps {
  readonly vocabulary: Vocabulary
  /** The segment that is edited; undefined: a new one. */
  readonly document: SegmentDocument | undefined
  /** What the builder begins with. */
  readonly first: Draft
  /** Members of what is published. */
  readonly published: number | null | undefined
}

/** One segment being built. Give it a key: another segment is another builder. */
export function Builder({ vocabulary, document, first, published }: BuilderProps) {
  const state = useDraft(first)
  const { draft, edit } = state
  const [saved, setSaved] = useState(document)
  const [view, setView] = useState<'form' | 'yaml'>('form')
  const [busy, setBusy] = useState(false)
  const [refusal, setRefusal] = useState<unknown>()
  const [theirs, setTheirs] = useState<SegmentDocument>()
  const [publishing, setPublishing] = useState(false)
  const [isLeaving, setLeaving] = useState(false)
  const navigate = useNavigate()
  const forget = useForget()
  const segments = useRead('/api/v1/segments')
  const id = saved?.id
  const definition = useMemo(() => writeDefinition(draft), [draft])
  const isEmpty = nodesOf(draft.root).some((node) => node.kind === 'group' && node.children.length === 0)
  const answer = usePreview(id, definition, !isEmpty)
  const problems = useMemo(() => place(draft, answer.data?.check.problems ?? []), [draft, answer.data])
  const isChanged =
    saved?.definition === undefined ||
    saved.definition === null ||
    !isSame(saved.definition as unknown as Json, definition as unknown as Json)
  const isDirty = isChanged && (state.canUndo || document !== undefined)

  const tools = useMemo<BuilderTools>(
    () => ({
      vocabulary,
      self: id,
      problems,
      edit: (next, about) => edit((before) => ({ ...before, root: next(before.root) }), about),
    }),
    [vocabulary, id, problems, edit],
  )

  const keep = async (to: string, etag: string | null) => {
    setBusy(true)
    setRefusal(undefined)
    try {
      const written = await saveSegment(to, definition, etag)
      setSaved(written)
      setTheirs(undefined)
      await forget('/api/v1/segments', '/api/v1/vocabulary', '/api/v1/workspace')
      return written
    } catch (error) {
      if (!isConflict(error)) setRefusal(error)
      else setTheirs(await readSegment(to).catch(() => undefined))
      return undefined
    } finally {
      setBusy(false)
    }
  }
  const newId = () =>
    proposeId(
      draft.name,
      new Set([
        ...(segments.data?.segments ?? []).map((segment) => segment.id),
        ...vocabulary.segments.map((s) => s.id),
      ]),
      'segment',
    )
  const save = async () => {
    const written = await keep(id ?? newId(), saved?.etag ?? null)
    if (written === undefined) return undefined
    notifyDone(`${draft.name} is saved as a draft`)
    if (id === undefined) leaveTo(`/segments/${written.id}/edit`)
    return written
  }
  const saveCopy = async () => {
    const written = await keep(newId(), null)
    if (written === undefined) return
    notifyDone(`Yours is saved as ${written.id}`)
    leaveTo(`/segments/${written.id}/edit`)
  }
  /** Nothing is lost any more: the guard lets it pass. */
  const leaveTo = (address: string) => {
    setLeaving(true)
    setTimeout(() => void navigate(address, { replace: true }))
  }
  const take = () => {
    if (theirs?.definition === null || theirs === undefined) return
    const { definition: other } = theirs
    edit(() => readDefinition(other as never))
    setSaved(theirs)
    setTheirs(undefined)
  }
  const publish = async () => {
    if (isChanged && (await save()) === undefined) return
    setPublishing(true)
  }
  const sentence = answer.data?.check.sentence ?? null
  const listed = segments.data?.segments.find((segment) => segment.id === id)
  const isElsewhere = listed?.etag !== undefined && saved !== undefined && !busy && listed.etag !== saved.etag

  return (
    <Page
      title={document === undefined ? 'New segment' : `Edit ${first.name}`}
      above={[
        { title: 'Segments', to: '/segments' },
        ...(document === undefined ? [] : [{ title: first.name, to: `/segments/${document.id}` }]),
      ]}
      actions={
        <>
          <Tooltip label="Undo (Ctrl Z)">
            <ActionIcon aria-label="Undo" onClick={state.undo} disabled={!state.canUndo} size="lg">
              <IconArrowBackUp size={18} aria-hidden />
            </ActionIcon>
          </Tooltip>
          <Tooltip label="Redo (Ctrl Y)">
            <ActionIcon aria-label="Redo" onClick={state.redo} disabled={!state.canRedo} size="lg">
              <IconArrowForwardUp size={18} aria-hidden />
            </ActionIcon>
          </Tooltip>
          <Button
            variant="default"
            onClick={() => void save()}
            loading={busy}
            disabled={!isChanged || isEmpty || draft.name.trim() === ''}
          >
            Save
          </Button>
          <Button
            onClick={() => void publish()}
            loading={busy}
            disabled={isEmpty || draft.name.trim() === '' || answer.data?.check.ok !== true}
          >
            Publish …
          </Button>
        </>
      }
    >
      {isElsewhere && (
        <Alert color="yellow" variant="default" title="Somebody else changed this segment">
          What you do here stays. When you save, both are shown, and you choose.
        </Alert>
      )}
      {refusal !== undefined && <ErrorState error={refusal} title="It could not be saved" />}
      <ToolsProvider value={tools}>
        <div className={classes.layout}>
          <Stack gap="md" miw={0}>
            <Paper p="md">
              <Stack gap="sm">
                <TextInput
                  label="Name"
                  required
                  value={draft.name}
                  placeholder="What people call it"
                  error={
                    draft.name.trim() === '' && state.canUndo
                      ? 'Give it a name, and it can be saved'
                      : undefined
                  }
                  onChange={(event) => {
                    const name = event.currentTarget.value
                    edit((before) => ({ ...before, name }), 'name')
                  }}
                />
                <Textarea
                  label="What it is for"
                  autosize
                  minRows={1}
                  value={draft.description}
                  onChange={(event) => {
                    const description = event.currentTarget.value
                    edit((before) => ({ ...before, description }), 'description')
                  }}
                />
              </Stack>
            </Paper>
            <Group justify="space-between" gap="xs">
              <Text aria-live="polite" style={{ flex: '1 1 260px' }}>
                {sentence ?? (
                  <Text span c="dimmed">
                    {isEmpty
                      ? 'An empty group holds of nobody: add a condition to it.'
                      : answer.data?.check.ok === false
                        ? 'It is said in words here once it is complete.'
                        : 'Reading what it says …'}
                  </Text>
                )}
              </Text>
              <SegmentedControl
                size="xs"
                aria-label="Show as"
                value={view}
                onChange={(next) => setView(next as 'form' | 'yaml')}
                data={[
                  { value: 'form', label: 'Conditions' },
                  { value: 'yaml', label: 'YAML' },
                ]}
              />
            </Group>
            {view === 'form' ? (
              <TreeView root={draft.root} />
            ) : (
              <CodeBlock label="The segment as YAML" text={toYaml(definition)} />
            )}
            <Text size="sm" c="dimmed">
              Dates are those of {draft.timeZone === '' ? vocabulary.timeZone : draft.timeZone}.
            </Text>
          </Stack>
          <aside className={classes.side} aria-label="How many people">
            <CountPanel answer={answer} isAskable={!isEmpty} published={published} />
          </aside>
        </div>
      </ToolsProvider>
      <ConflictDialog
        theirs={theirs}
        mine={definition}
        busy={busy}
        onClose={() => setTheirs(undefined)}
        onReplace={() => theirs !== undefined && void keep(theirs.id, theirs.etag)}
        onTake={take}
        onCopy={() => void saveCopy()}
      />
      {saved !== undefined && (
        <PublishDialog
          segment={{ id: saved.id, name: draft.name, state: saved.state, sentence }}
          opened={publishing}
          onClose={() => setPublishing(false)}
          onPublished={() => leaveTo(`/segments/${saved.id}`)}
        />
      )}
      <LeaveGuard isDirty={isDirty && !isLeaving} />
    </Page>
  )
}

function place(
  draft: Draft,
  problems: readonly {
    readonly path: readonly (string | number)[]
    readonly message: string
    readonly remedy: string
  }[],
): ReadonlyMap<string, readonly PlacedProblem[]> {
  const placed = new Map<string, readonly PlacedProblem[]>()
  for (const { path, message, remedy } of problems) {
    const found = placeOf(draft.root, path)
    if (found === undefined) continue
    placed.set(found.node, [...(placed.get(found.node) ?? []), { rest: found.rest, message, remedy }])
  }
  return placed
}
