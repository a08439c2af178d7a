/** A new destination: its connector's form, tested as often as wanted, then kept as a draft or published. */
import { Paper, Stack, TextInput } from '@mantine/core'
import { useEffect, useState } from 'react'
import { Navigate, useLocation, useNavigate, useParams } from 'react-router'
import { useForget, useRead } from '../../../api/hooks.js'
import { useCan } from '../../../app/session.js'
import { Answer } from '../../../ui/answer.js'
import type { ConnectorDetails } from '../../../ui/connector/api.js'
import { CheckResult } from '../../../ui/connector/check-result.js'
import { ConnectorMarks } from '../../../ui/connector/connector-marks.js'
import { withTypedSecrets } from '../../../ui/connector/typed-secrets.js'
import { ForMarketers } from '../../../ui/for-marketers.js'
import { LeaveGuard } from '../../../ui/leave-guard.js'
import { DESTINATION_IDS, idProblem, proposeId } from '../../../ui/new-id.js'
import { notifyDone } from '../../../ui/notify.js'
import { Page } from '../../../ui/page.js'
import { beginForm, FormOnDemand } from '../../../ui/schema-form/form-on-demand.js'
import type { FilledForm } from '../../../ui/schema-form/schema-form.js'
import { type DestinationFile, publishDestination, saveDestination } from '../api.js'
import { wayBack } from '../model/way-back.js'
import { PUBLISH, SAVE, TEST } from '../parts/actions.js'
import { useTest } from '../parts/use-test.js'
import { destinationPath } from '../paths.js'

/** The page for one connector. */
export function NewDestination() {
  if (useCan('marketer')) return <Add />
  return (
    <ForMarketers
      title="Destinations are connected by marketers"
      above={[{ title: 'Destinations', to: '/destinations' }]}
      things="destinations"
      act="connect one"
      to="/destinations"
      show="Show the destinations"
    />
  )
}

function Add() {
  const { connector = '' } = useParams()
  const { search } = useLocation()
  useEffect(beginForm, [])
  const details = useRead('/api/v1/connectors/{name}/spec', { params: { path: { name: connector } } })
  const destinations = useRead('/api/v1/destinations')
  if (details.data?.kind === 'source')
    return <Navigate to={`/sources/new/${encodeURIComponent(connector)}`} replace />
  return (
    <Page
      title={details.data === undefined ? 'New destination' : `New destination: ${details.data.title}`}
      description={details.data?.description}
      mark={details.data && <ConnectorMarks connector={details.data} />}
      above={[
        { title: 'Destinations', to: '/destinations' },
        { title: 'Connect a destination', to: `/destinations/new${search}` },
      ]}
    >
      <Answer of={details} what="the connector’s form">
        {(connector) => (
          <Answer of={destinations} what="the destinations">
            {({ destinations }) => <Form connector={connector} taken={destinations.map(({ id }) => id)} />}
          </Answer>
        )}
      </Answer>
    </Page>
  )
}

interface FormProps {
  readonly connector: ConnectorDetails
  readonly taken: readonly string[]
}

function Form({ connector, taken }: FormProps) {
  const [id, setId] = useState(() => proposeId(connector.title, taken, DESTINATION_IDS))
  const [isDirty, setDirty] = useState(false)
  /** Of the draft that is there when publishing was refused: the next try replaces it. */
  const [etag, setEtag] = useState<string | null>(null)
  const { tested, test } = useTest(connector, id)
  const { search } = useLocation()
  const navigate = useNavigate()
  const forget = useForget()
  const problem = etag === null ? idProblem(id, taken, DESTINATION_IDS) : undefined

  const keep = async ({ data, secrets }: FilledForm, isPublished: boolean) => {
    const config = withTypedSecrets(data, secrets)
    const definition = { connector: connector.reference, config } as DestinationFile
    const draft = await saveDestination(id, definition, etag)
    setEtag(draft.etag)
    if (isPublished) await publishDestination(id)
    setDirty(false)
    await forget('/api/v1/')
    notifyDone(isPublished ? `${id} is published.` : `${id} is saved as a draft. Publish it to send to it.`)
    await navigate(wayBack(search, id) ?? destinationPath(id))
  }
  const submit = async (filled: FilledForm, action: string) => {
    if (problem !== undefined) throw new Error(`Name of the destination: ${problem}`)
    await (action === TEST ? test(filled) : keep(filled, action === PUBLISH))
  }
  return (
    <Stack>
      <Paper p="md">
        <TextInput
          label="Name of the destination"
          description="Small letters, digits and _. Activations call it so."
          value={id}
          onChange={(event) => {
            setId(event.currentTarget.value)
            setDirty(true)
          }}
          error={problem}
          disabled={etag !== null}
          required
          maw={420}
          mb="md"
          autoComplete="off"
          spellCheck={false}
        />
        <FormOnDemand
          schema={connector.spec}
          secretPrefix={id}
          action={PUBLISH}
          others={[TEST, SAVE]}
          onChange={() => setDirty(true)}
          onSubmit={submit}
        />
      </Paper>
      {tested !== undefined && <CheckResult {...tested} kind="destination" />}
      <LeaveGuard isDirty={isDirty} />
    </Stack>
  )
}
