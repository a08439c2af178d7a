/** One activation being made or changed: who goes where, as what, within which limits and when; what is missing beside it. */
import { Paper, SegmentedControl, Stack, TextInput } from '@mantine/core'
import { useMemo, useState } from 'react'
import { type NavigateOptions, useNavigate } from 'react-router'
import { useForget } from '../../../api/hooks.js'
import type { components } from '../../../api/schema.js'
import { CodeBlock } from '../../../ui/code-block.js'
import { ConflictDialog } from '../../../ui/draft/conflict-dialog.js'
import { Outdated } from '../../../ui/draft/outdated.js'
import { type Draft, type Kept, useDraft } from '../../../ui/draft/use-draft.js'
import { LeaveGuard } from '../../../ui/leave-guard.js'
import { ACTIVATION_IDS, idProblem, proposeId } from '../../../ui/new-id.js'
import { notifyDone } from '../../../ui/notify.js'
import { Page } from '../../../ui/page.js'
import { Section } from '../../../ui/section.js'
import { toYaml } from '../../../ui/yaml.js'
import { beyondForm } from '../model/beyond.js'
import type { Definition } from '../model/definition.js'
import { allProblems, gapsOf } from '../model/gaps.js'
import { triggerProblem } from '../model/trigger.js'
import { activationPath, editPath, newPath } from '../paths.js'
import classes from './editor.module.css'
import { FieldsSection } from './fields-section.js'
import { LimitsSection } from './limits-section.js'
import { MatchSection } from './match-section.js'
import { park, unpark } from './parked.js'
import { PeoplePanel } from './people-panel.js'
import { PublishDialog } from './publish-dialog.js'
import { readActivation, saveActivation, saveNewActivation } from './save.js'
import { SidePanel } from './side-panel.js'
import { ToolsProvider } from './tools.js'
import { useCheck } from './use-check.js'
import { useObjects } from './use-objects.js'
import { WhenSection } from './when-section.js'
import { WhereSection } from './where-section.js'
import { WhoSection } from './who-section.js'

interface EditorProps {
  /** Undefined: it is new. */
  readonly id: string | undefined
  /** How the draft stands to what is published. */
  readonly state: string
  /** Ids of the others. */
  readonly taken: readonly string[]
  readonly vocabulary: components['schemas']['Vocabulary']
  readonly kept: Kept<Definition>
  /** What the edit begins with. @default what is kept */
  readonly first?: Definition
  /** True: it was saved a moment ago to be published. @default false */
  readonly publishes?: boolean
}

/** Give it a key: another activation is another editor. */
export function Editor({ id, state, taken, vocabulary, kept, first, publishes = false }: EditorProps) {
  const draft: Draft<Definition> = useDraft<Definition>({
    kept,
    ...(first && { first }),
    save: (definition, etag) =>
      id === undefined ? saveNewActivation(name, definition) : saveActivation(id, definition, etag),
    reload: () => readActivation(id!),
  })
  const { value: definition, change, isChanged } = draft
  const [typedName, setTypedName] = useState<string>()
  const [opened, setOpened] = useState<readonly string[]>([])
  const [view, setView] = useState<'form' | 'yaml'>('form')
  const [busy, setBusy] = useState(false)
  const [failure, setFailure] = useState<unknown>()
  const [publishing, setPublishing] = useState(publishes)
  const [isLeaving, setLeaving] = useState(false)
  const navigate = useNavigate()
  const forget = useForget()
  const { segment, destination } = definition
  const objects = useObjects(destination)
  const object = objects.data?.objects.find(({ name }) => name === definition.object)
  const proposed =
    segment === ''
      ? ''
      : proposeId(`${segment === '*' ? 'everybody' : segment} ${destination}`, taken, ACTIVATION_IDS)
  const name = id ?? typedName ?? proposed
  const wrongName = id !== undefined || name === '' ? undefined : idProblem(name, taken, ACTIVATION_IDS)

  const gaps = useMemo(() => gapsOf(definition, object, opened), [definition, object, opened])
  const isWhole = gaps.every(({ keepsFromSaving }) => !keepsFromSaving)
  const check = useCheck(id, definition, isWhole)
  const problems = useMemo(() => allProblems(gaps, check.problems), [gaps, check.problems])
  const isBegun = id !== undefined || isChanged
  const tools = useMemo(
    // What nobody has begun is not wrong yet: the panel lists what is still to come.
    () => ({ definition, change, known: vocabulary, object, problems: isBegun ? problems : [] }),
    [definition, change, vocabulary, object, problems, isBegun],
  )
  const isNameable = id !== undefined || (name !== '' && wrongName === undefined)
  const isSavable = isWhole && isNameable && triggerProblem(definition.trigger) === undefined
  const isNew = kept.etag === null

  /** Nothing is lost any more: the guard lets it pass. */
  const leaveTo = (address: string, options: NavigateOptions = {}) => {
    setLeaving(true)
    unpark(id)
    setTimeout(() => void navigate(address, options))
  }
  const save = async (publishesThen: boolean) => {
    setBusy(true)
    setFailure(undefined)
    try {
      if ((isChanged || isNew) && !(await draft.save())) return
      await forget('/api/v1/activations', '/api/v1/workspace')
      if (!publishesThen) notifyDone(`${name} is saved as a draft`)
      if (id === undefined) leaveTo(editPath(name), { replace: true, state: { publishes: publishesThen } })
      else if (publishesThen) setPublishing(true)
    } catch (error) {
      setFailure(error)
    } finally {
      setBusy(false)
    }
  }
  const back = id === undefined ? newPath({ segment, resume: '1' }) : `${editPath(id)}?resume=1`
  const beyond = beyondForm(definition)
  const failures = [
    ...(failure === undefined ? [] : [{ title: 'It could not be saved', error: failure }]),
    ...(check.error === null ? [] : [{ title: 'It could not be checked', error: check.error }]),
  ]
  return (
    <Page
      title={id === undefined ? 'New activation' : `Edit ${id}`}
      description="Which people a tool gets, what it is told of them, and when."
      above={[
        { title: 'Activations', to: '/activations' },
        ...(id === undefined ? [] : [{ title: id, to: activationPath(id) }]),
      ]}
      actions={
        <SegmentedControl
          size="xs"
          aria-label="Show as"
          value={view}
          onChange={(next) => setView(next as 'form' | 'yaml')}
          data={[
            { value: 'form', label: 'Form' },
            { value: 'yaml', label: 'YAML' },
          ]}
        />
      }
    >
      {draft.isOutdated && <Outdated what="this activation" />}
      <ToolsProvider value={tools}>
        <div className={classes.layout}>
          {view === 'yaml' ? (
            <CodeBlock label="The activation as YAML" text={toYaml(definition)} maxHeight={640} />
          ) : (
            <Stack gap="lg" miw={0}>
              <WhoSection consents={vocabulary.consents} />
              <WhereSection
                objects={objects}
                connect={{
                  to: `/destinations/new?back=${encodeURIComponent(back)}`,
                  onLeave: () => {
                    park(id, definition)
                    setLeaving(true)
                  },
                }}
              />
              {definition.object !== '' && (
                <>
                  <MatchSection />
                  <FieldsSection opened={opened} onOpen={setOpened} />
                </>
              )}
              <WhenSection />
              <LimitsSection />
              {id === undefined && (
                <Paper p="md">
                  <TextInput
                    label="Name of this activation"
                    description="Small letters, digits, _ and -. It stays what it is."
                    value={name}
                    error={wrongName}
                    maw={420}
                    autoComplete="off"
                    spellCheck={false}
                    onChange={(event) => setTypedName(event.currentTarget.value)}
                  />
                </Paper>
              )}
              {beyond !== undefined && (
                <Section
                  title="Kept as it is"
                  description="The file says this, too; no form shows it. Saving leaves it alone."
                  bare
                >
                  <CodeBlock label="What the form does not show" text={toYaml(beyond)} />
                </Section>
              )}
            </Stack>
          )}
          <aside className={classes.side} aria-label="What it does, and what is missing">
            <SidePanel
              definition={definition}
              problems={problems}
              failures={failures}
              busy={busy}
              canSave={isSavable && (isChanged || isNew)}
              canPublish={
                isSavable && problems.length === 0 && check.isSound && (isChanged || state !== 'published')
              }
              onSave={() => void save(false)}
              onPublish={() => void save(true)}
              onDiscard={isChanged && id !== undefined ? draft.discard : undefined}
            />
            <PeoplePanel id={id} definition={definition} object={object} isSound={check.isSound} />
          </aside>
        </div>
      </ToolsProvider>
      <ConflictDialog draft={draft} whole />
      {id !== undefined && (
        <PublishDialog
          id={id}
          definition={definition}
          opened={publishing}
          onClose={() => setPublishing(false)}
          onPublished={() => leaveTo(activationPath(id))}
        />
      )}
      <LeaveGuard isDirty={isChanged && !isLeaving} />
    </Page>
  )
}
