/** The form of a mapping with its preview beside it; saved, published, and people brought up to it. */
import { Button, Grid, Group, List, Stack, Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useNavigate } from 'react-router'
import { api, take } from '../../../api/client.js'
import { useForget } from '../../../api/hooks.js'
import type { components } from '../../../api/schema.js'
import { countryOf } from '../../../ui/countries.js'
import { ConflictDialog } from '../../../ui/draft/conflict-dialog.js'
import { Outdated } from '../../../ui/draft/outdated.js'
import { type Kept, useDraft } from '../../../ui/draft/use-draft.js'
import { ErrorState } from '../../../ui/error-state.js'
import { LeaveGuard } from '../../../ui/leave-guard.js'
import { notifyDone } from '../../../ui/notify.js'
import { type Mapping, mappingProblems, missingColumns } from '../model/mapping.js'
import { ColumnsSection } from './columns-section.js'
import { EventsSection } from './events-section.js'
import { IdentifiersSection } from './identifiers-section.js'
import { MappingPreview, useMappingPreview } from './mapping-preview.js'
import { ProposalsSection } from './proposals-section.js'
import { TraitsSection } from './traits-section.js'
import { useSuggestion } from './use-suggestion.js'

type MappingFile = components['schemas']['MappingFile']

interface MappingEditorProps {
  /** Undefined: it is new, and gets the name that the server proposes. */
  readonly id: string | undefined
  readonly state: string
  readonly kept: Kept<Mapping>
  readonly columns: readonly { readonly name: string; readonly type: string; readonly kind: string }[]
  readonly identifierTypes: readonly string[]
  readonly canEdit: boolean
}

/** Left the form, right what it makes of real rows. */
export function MappingEditor(props: MappingEditorProps) {
  const { state, kept, columns, canEdit } = props
  const suggestion = useSuggestion(kept.definition.stream, canEdit)
  const [typedId, setTypedId] = useState<string>()
  const [added, setAdded] = useState<readonly string[]>([])
  const proposed = Object.keys(suggestion.data?.definition?.identifiers ?? {})
  const known = [
    ...props.identifierTypes,
    ...proposed.filter((type) => !suggestion.data?.missingIdentifiers.includes(type)),
    ...added,
  ]
  const id = props.id ?? typedId ?? suggestion.data?.id ?? ''
  const navigate = useNavigate()
  const forget = useForget()
  const [busy, setBusy] = useState<'save' | 'publish'>()
  const [failure, setFailure] = useState<unknown>()
  const draft = useDraft<Mapping>({
    kept,
    save: async (mapping, etag) => keptOf(await save(id, mapping, etag)),
    reload: async () => keptOf(await take(api.GET('/api/v1/mappings/{id}', { params: { path: { id } } }))),
  })
  const { value: mapping, change, isChanged } = draft
  const identifierTypes = [
    ...new Set([
      ...known,
      ...(suggestion.data?.missingIdentifiers ?? []),
      ...Object.keys(mapping.identifiers),
    ]),
  ]
  const problems = mappingProblems(mapping)
  const missing = Object.keys(mapping.identifiers).filter((type) => !known.includes(type))
  const [region, setRegion] = useState(() => countryOf(navigator.languages))
  const preview = useMappingPreview({ mapping, problems, identifiers: known, allowed: canEdit })
  const addMissing = async () => {
    await take(
      api.POST('/api/v1/mappings/identifiers', {
        body: { types: missing, ...(region !== null && { region }) },
      }),
    )
    setAdded([...added, ...missing])
    await forget('/api/v1/vocabulary', '/api/v1/workspace')
  }
  const publish = async (how: 'save' | 'publish') => {
    setBusy(how)
    setFailure(undefined)
    try {
      if ((isChanged || kept.etag === null) && !(await draft.save())) return
      if (how === 'publish') {
        if (missing.length > 0) await addMissing()
        await take(api.POST('/api/v1/mappings/{id}/publish', { params: { path: { id } }, body: {} }))
        await take(api.POST('/api/v1/refresh', { body: {} }))
      }
      await forget('/api/v1/')
      if (how === 'publish') {
        notifyDone('Published. People are brought up to it now.')
        await navigate('/runs?kind=refresh')
      } else notifyDone('Saved as a draft. People stay as they are until it is published.')
    } catch (error) {
      setFailure(error)
    } finally {
      setBusy(undefined)
    }
  }
  const gone = missingColumns(
    mapping,
    columns.map(({ name }) => name),
  )
  // A field whose column is gone still shows which one it was.
  const names = [...columns.map(({ name }) => name), ...gone]
  const part = { mapping, columns: names, onChange: change, disabled: !canEdit }
  return (
    <Grid gap="lg">
      <Grid.Col span={{ base: 12, lg: 7 }}>
        <Stack gap="lg">
          {props.id === undefined && canEdit && (
            <TextInput
              label="Name of this mapping"
              description="Small letters, digits, _ and -."
              value={id}
              onChange={(event) => setTypedId(event.currentTarget.value)}
              error={
                id === '' || /^[a-z][a-z0-9_-]{0,62}$/.test(id)
                  ? undefined
                  : 'Use small letters, digits, _ and -, beginning with a letter.'
              }
              maw={360}
              autoComplete="off"
              spellCheck={false}
            />
          )}
          {gone.length > 0 && <ErrorState title="It does not fit the stream" error={misfit(gone)} />}
          {canEdit && <ProposalsSection mapping={mapping} suggestion={suggestion} onChange={change} />}
          <IdentifiersSection
            {...part}
            types={identifierTypes}
            missing={{ types: missing, region, onRegion: setRegion, add: addMissing }}
          />
          <EventsSection
            {...part}
            types={Object.fromEntries(columns.map(({ name, type }) => [name, type]))}
          />
          <TraitsSection {...part} />
          <ColumnsSection mapping={mapping} columns={columns} reasons={suggestion.data?.reasons ?? []} />
        </Stack>
      </Grid.Col>
      <Grid.Col span={{ base: 12, lg: 5 }}>
        <Stack gap="lg" style={{ position: 'sticky', top: 68 }}>
          {draft.isOutdated && <Outdated what="this mapping" />}
          {failure !== undefined && <ErrorState error={failure} title="This could not be saved" />}
          {canEdit && problems.length > 0 && isChanged && (
            <List size="sm">
              {problems.map((problem) => (
                <List.Item key={problem}>{problem}</List.Item>
              ))}
            </List>
          )}
          {canEdit ? (
            <Group justify="flex-end" gap="xs">
              {isChanged && (
                <Button variant="subtle" color="gray" onClick={draft.discard}>
                  Discard changes
                </Button>
              )}
              <Button
                variant="default"
                disabled={!isChanged || problems.length > 0 || id === ''}
                loading={busy === 'save'}
                onClick={() => void publish('save')}
              >
                Save as draft
              </Button>
              <Button
                disabled={
                  (!isChanged && state === 'published') || problems.length > 0 || preview.isWrong || id === ''
                }
                loading={busy === 'publish'}
                onClick={() => void publish('publish')}
              >
                Publish and refresh
              </Button>
            </Group>
          ) : (
            <Text c="dimmed">Your role may look at mappings. Marketers edit them, and see real rows.</Text>
          )}
          {canEdit && <MappingPreview preview={preview} hasProblems={problems.length > 0} />}
        </Stack>
      </Grid.Col>
      <ConflictDialog draft={draft} />
      <LeaveGuard isDirty={isChanged} />
    </Grid>
  )
}

function misfit(gone: readonly string[]): Error {
  const columns = gone.length === 1 ? `the column ${gone[0]!}` : `the columns ${gone.join(', ')}`
  return new Error(
    `the stream has no data in ${columns}; choose another column there, or remove what names it; until then nothing of this mapping counts`,
  )
}

function save(id: string, mapping: Mapping, etag: string | null) {
  return take(
    api.PUT('/api/v1/mappings/{id}', {
      params: { path: { id }, header: etag === null ? {} : { 'if-match': etag } },
      body: { definition: mapping as MappingFile },
    }),
  )
}

function keptOf(document: {
  readonly etag: string | null
  readonly definition: MappingFile | null
}): Kept<Mapping> {
  if (document.definition === null)
    throw new Error('The file has errors now: somebody edited it by hand. Look at the file, then try again.')
  return { etag: document.etag, definition: document.definition as Mapping }
}
