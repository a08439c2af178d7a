/** The builder: conditions at the left, the exact count and some of the people at the right, always at hand what it says in words. */
import { ActionIcon, Alert, Button, Tooltip } from '@mantine/core'
import { IconArrowBackUp, IconArrowForwardUp } from '@tabler/icons-react'
import { useEffect, useMemo, useRef, useState } from 'react'
import { useNavigate } from 'react-router'
import { useRead } from '../../../api/hooks.js'
import { ErrorState } from '../../../ui/error-state.js'
import { LeaveGuard } from '../../../ui/leave-guard.js'
import { proposeId, SEGMENT_IDS } from '../../../ui/new-id.js'
import { notifyDone } from '../../../ui/notify.js'
import { Page } from '../../../ui/page.js'
import type { DraftProblem, Vocabulary } from '../api.js'
import type { Draft } from '../model/conditions.js'
import { type Definition, isSame, type Json } from '../model/definition.js'
import { placeOf } from '../model/places.js'
import { readDefinition } from '../model/read.js'
import { nodesOf } from '../model/tree.js'
import { writeDefinition } from '../model/write.js'
import { PublishDialog } from '../publish-dialog.js'
import classes from './builder.module.css'
import { BuilderForm } from './builder-form.js'
import { CountPanel } from './count-panel.js'
import { MeanwhileDialog } from './meanwhile-dialog.js'
import type { SegmentDocument } from './save.js'
import { type BuilderTools, type PlacedProblem, type Problems, ToolsProvider } from './tools.js'
import { useEdits } from './use-edits.js'
import { usePreview } from './use-preview.js'
import { useSaving } from './use-saving.js'

interface BuilderProps {
  readonly vocabulary: Vocabulary
  /** The segment that is edited, as it is on the server; undefined: a new one. */
  readonly document: SegmentDocument | undefined
  /** What the builder begins with. */
  readonly first: Draft
}

/** One segment being built. Give it a key: another segment is another builder. */
export function Builder({ vocabulary, document, first }: BuilderProps) {
  const state = useEdits(first)
  const { draft, edit } = state
  const [publishing, setPublishing] = useState(false)
  const [isLeaving, setLeaving] = useState(false)
  const navigate = useNavigate()
  const segments = useRead('/api/v1/segments')
  const definition = useMemo(() => writeDefinition(draft), [draft])
  const saving = useSaving({
    document,
    definition,
    newId: (taken) =>
      proposeId(
        draft.name,
        [...(segments.data?.segments ?? vocabulary.segments).map(({ id }) => id), ...taken],
        SEGMENT_IDS,
      ),
  })
  const { saved, busy } = saving
  const id = saved?.id
  const isEmpty = nodesOf(draft.root).some((node) => node.kind === 'group' && node.children.length === 0)
  const answer = usePreview(id, definition, {
    isAskable: !isEmpty,
    isCountable: vocabulary.stage === 'refreshed',
  })
  const { check } = answer.data ?? {}
  const problems = useMemo(() => place(draft, check?.problems ?? []), [draft, check])
  const isChanged = !isSame((saved?.definition ?? null) as Json, definition as unknown as Json)
  const isDirty = isChanged && (state.canUndo || document !== undefined)
  const listed = segments.data?.segments.find((segment) => segment.id === id)
  const isElsewhere =
    saved !== undefined && segments.data !== undefined && !busy && (listed?.etag ?? null) !== saved.etag

  const attention = useRef<string>(undefined)
  const tools = useMemo<BuilderTools>(
    () => ({
      vocabulary,
      timeZone: draft.timeZone === '' ? vocabulary.timeZone : draft.timeZone,
      self: id,
      attention,
      edit: (next, about) => edit((before) => ({ ...before, root: next(before.root) }), about),
    }),
    [vocabulary, draft.timeZone, id, edit],
  )
  const take = (theirs: SegmentDocument) => {
    edit(() => readDefinition(theirs.definition as unknown as Definition))
    saving.adopt(theirs)
  }
  // Whoever changed nothing follows what others save; what is about to be published stays what was read.
  // biome-ignore lint/correctness/useExhaustiveDependencies: only another document on the server is a reason.
  useEffect(() => {
    const isNewer = document?.definition != null && document.etag !== null && document.etag !== saved?.etag
    if (isNewer && !isChanged && !busy && !publishing) take(document)
  }, [document])

  /** Nothing is lost any more: the guard lets it pass. */
  const leaveTo = (address: string) => {
    setLeaving(true)
    setTimeout(() => void navigate(address, { replace: true }))
  }
  const saveDraft = async () => {
    const written = await saving.save()
    if (written !== undefined) notifyDone(`${draft.name} is saved as a draft`)
    return written
  }
  const save = async () => {
    const written = await saveDraft()
    if (written !== undefined && id === undefined) leaveTo(`/segments/${written.id}/edit`)
  }
  const saveCopy = async () => {
    const written = await saving.saveCopy()
    if (written === undefined) return
    notifyDone(`Yours is saved as ${written.id}`)
    leaveTo(`/segments/${written.id}/edit`)
  }
  const publish = async () => {
    if (isChanged) {
      if ((await saveDraft()) === undefined) return
    } else if (isElsewhere) return saving.look()
    setPublishing(true)
  }
  /** A new segment has an address of its own by now. */
  const publishLater = () => {
    setPublishing(false)
    if (document === undefined && id !== undefined) leaveTo(`/segments/${id}/edit`)
  }
  const isUnnamed = draft.name.trim() === ''

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
            disabled={!isChanged || isEmpty || isUnnamed}
          >
            Save
          </Button>
          <Button
            onClick={() => void publish()}
            loading={busy}
            disabled={isEmpty || isUnnamed || check?.ok !== true}
          >
            Publish …
          </Button>
        </>
      }
    >
      {isElsewhere && (
        <Alert
          color="yellow"
          variant="default"
          role="status"
          title={`Somebody else ${listed?.etag == null ? 'deleted' : 'changed'} this segment`}
        >
          What you do here stays.{' '}
          {listed?.etag == null
            ? 'When you save, you choose whether it comes back.'
            : 'When you save, both are shown, and you choose.'}
        </Alert>
      )}
      {saving.refusal !== undefined && <ErrorState error={saving.refusal} title="It could not be saved" />}
      <ToolsProvider value={tools}>
        <div className={classes.layout}>
          <BuilderForm
            state={state}
            definition={definition}
            check={check}
            problems={problems}
            isEmpty={isEmpty}
          />
          <aside className={classes.side} aria-label="How many people">
            <CountPanel
              answer={answer}
              isAskable={!isEmpty}
              isCountable={vocabulary.stage === 'refreshed'}
              published={listed?.size}
            />
          </aside>
        </div>
      </ToolsProvider>
      <MeanwhileDialog
        meanwhile={saving.meanwhile}
        mine={definition}
        busy={busy}
        onClose={saving.dismiss}
        onReplace={() => void saving.replace()}
        onTake={take}
        onCopy={() => void saveCopy()}
        onLeave={() => leaveTo('/segments')}
      />
      {saved !== undefined && (
        <PublishDialog
          segment={{
            id: saved.id,
            etag: saved.etag,
            name: draft.name,
            state: listed?.state ?? saved.state,
            sentence: check?.sentence ?? null,
          }}
          opened={publishing}
          onClose={publishLater}
          onPublished={() => leaveTo(`/segments/${saved.id}`)}
          onOther={() => void saving.look()}
        />
      )}
      <LeaveGuard isDirty={isDirty && !isLeaving} />
    </Page>
  )
}

function place(draft: Draft, problems: readonly DraftProblem[]): Problems {
  const placed = new Map<string, readonly PlacedProblem[]>()
  for (const { path, message, remedy } of problems) {
    const found = placeOf(draft.root, path)
    if (found === undefined) continue
    placed.set(found.node, [...(placed.get(found.node) ?? []), { rest: found.rest, message, remedy }])
  }
  return placed
}
