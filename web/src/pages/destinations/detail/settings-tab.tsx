/** How a destination is set: its connector's form over the draft; tested, saved, published. */
import { Button, Paper, Stack, Text } from '@mantine/core'
import { useEffect, useRef, useState } from 'react'
import { useForget, useRead } from '../../../api/hooks.js'
import { useCan } from '../../../app/session.js'
import { Answer } from '../../../ui/answer.js'
import type { ConnectorDetails } from '../../../ui/connector/api.js'
import { CheckResult } from '../../../ui/connector/check-result.js'
import { withTypedSecrets } from '../../../ui/connector/typed-secrets.js'
import { ConflictDialog } from '../../../ui/draft/conflict-dialog.js'
import { Outdated } from '../../../ui/draft/outdated.js'
import { useDraft } from '../../../ui/draft/use-draft.js'
import { useOpened } from '../../../ui/draft/use-opened.js'
import { Problems } from '../../../ui/error-state.js'
import { LeaveGuard } from '../../../ui/leave-guard.js'
import { notifyDone } from '../../../ui/notify.js'
import { beginForm, FormOnDemand } from '../../../ui/schema-form/form-on-demand.js'
import type { FilledForm } from '../../../ui/schema-form/schema-form.js'
import type { JsonObject } from '../../../ui/schema-form/types.js'
import { Section } from '../../../ui/section.js'
import {
  type DestinationDocument,
  type DestinationFile,
  type ListedDestination,
  publishDestination,
  readDestination,
  saveDestination,
} from '../api.js'
import { SAVE, TEST } from '../parts/actions.js'
import { useTest } from '../parts/use-test.js'
import { RemoveDestination } from './remove-destination.js'
import classes from './settings-tab.module.css'

const PUBLISH = 'Save and publish'

interface SettingsTabProps {
  readonly destination: ListedDestination
}

/** Reads the draft; one that has errors is an engineer's to repair. */
export function SettingsTab({ destination }: SettingsTabProps) {
  const { id } = destination
  const document = useOpened(id, useRead('/api/v1/destinations/{id}', { params: { path: { id } } }))
  return (
    <Answer of={document} what="the settings">
      {({ etag, definition, problems }) =>
        definition === null ? (
          <Paper p="md">
            <Text mb="xs">
              The file of this destination has errors, so that no form can show it. An engineer repairs it.
            </Text>
            <Problems problems={problems} />
          </Paper>
        ) : (
          <Stack>
            <Problems problems={problems} />
            <Settings destination={destination} etag={etag} definition={definition} />
          </Stack>
        )
      }
    </Answer>
  )
}

interface SettingsProps extends SettingsTabProps, Pick<DestinationDocument, 'etag'> {
  readonly definition: DestinationFile
}

function Settings(props: SettingsProps) {
  useEffect(beginForm, [])
  const details = useRead('/api/v1/connectors/{name}/spec', {
    params: { path: { name: props.definition.connector } },
  })
  return (
    <Answer of={details} what="the connector’s form">
      {(connector) => <Form {...props} connector={connector} />}
    </Answer>
  )
}

function Form(props: SettingsProps & { readonly connector: ConnectorDetails }) {
  const { destination, etag, definition, connector } = props
  const { id } = destination
  const allowed = useCan('marketer')
  const forget = useForget()
  const { tested, test } = useTest(connector, id)
  /** Typed, and not kept yet: the draft only names them. */
  const [secrets, setSecrets] = useState<FilledForm['secrets']>({})
  const [keeps, setKeeps] = useState(0)
  const draft = useDraft<DestinationFile>({
    kept: { etag, definition },
    save: async (value, before) =>
      keptOf(await saveDestination(id, withTypedSecrets(value, secrets), before)),
    reload: async () => keptOf(await readDestination(id)),
  })
  const hasTyped = Object.keys(secrets).length > 0
  const isChanged = draft.isChanged || hasTyped
  const forgetTyped = () => {
    if (!hasTyped) return
    setSecrets({})
    setKeeps(keeps + 1)
  }
  /** What the form shows is its own: it begins anew with what came from elsewhere. */
  const shown = `${draft.version} ${keeps}`
  const place = useFocusAfter(shown)
  const keep = async (isPublished: boolean) => {
    if (isChanged) {
      if (!(await draft.save())) return
      forgetTyped()
    }
    if (isPublished) await publishDestination(id)
    await forget('/api/v1/')
    notifyDone(
      isPublished ? `${id} is published.` : 'Saved. Activations send as before until it is published.',
    )
  }
  return (
    <Section
      title="Where it leads, and how"
      description="Secrets are kept by the server and never shown again."
    >
      <Stack ref={place} tabIndex={-1} className={classes.place}>
        {draft.isOutdated && <Outdated what="this destination" />}
        <FormOnDemand
          key={shown}
          schema={connector.spec}
          value={(draft.value.config ?? {}) as JsonObject}
          secrets={secrets}
          secretPrefix={id}
          action={PUBLISH}
          others={[TEST, SAVE]}
          disabled={!allowed}
          onChange={(filled) => {
            draft.change({ ...draft.value, config: filled.data })
            setSecrets(filled.secrets)
          }}
          onSubmit={(filled, action) => (action === TEST ? test(filled) : keep(action === PUBLISH))}
        >
          {isChanged ? (
            <Button
              variant="subtle"
              color="gray"
              onClick={() => {
                draft.discard()
                forgetTyped()
              }}
            >
              Discard changes
            </Button>
          ) : (
            allowed && <RemoveDestination destination={destination} />
          )}
        </FormOnDemand>
        {tested !== undefined && <CheckResult {...tested} kind="destination" />}
      </Stack>
      <ConflictDialog
        draft={{
          ...draft,
          settle(choice) {
            if (choice === 'theirs') forgetTyped()
            draft.settle(choice)
          },
        }}
        whole
      />
      <LeaveGuard isDirty={isChanged} />
    </Section>
  )
}

/** The form that had the focus is gone: the focus goes on to the one in its place. */
function useFocusAfter(shown: string) {
  const place = useRef<HTMLDivElement>(null)
  const before = useRef(shown)
  useEffect(() => {
    if (before.current === shown) return
    before.current = shown
    place.current?.focus({ preventScroll: true })
  }, [shown])
  return place
}

function keptOf({ etag, definition }: Pick<DestinationDocument, 'etag' | 'definition'>) {
  if (definition === null)
    throw new Error('The file has errors now: somebody edited it by hand. Look at the file, then try again.')
  return { etag, definition }
}
