/** Where a source reads and as whom; a changed connection is tested before it is used. */
import { Button, Stack } from '@mantine/core'
import { useEffect, useState } from 'react'
import { useRead } from '../../../api/hooks.js'
import { Answer } from '../../../ui/answer.js'
import { type Config, type ConnectorCheck, checkConfig } from '../../../ui/connector/api.js'
import { CheckResult } from '../../../ui/connector/check-result.js'
import { withTypedSecrets } from '../../../ui/connector/typed-secrets.js'
import { beginForm, FormOnDemand } from '../../../ui/schema-form/form-on-demand.js'
import type { FilledForm } from '../../../ui/schema-form/schema-form.js'
import type { JsonObject } from '../../../ui/schema-form/types.js'
import { Section } from '../../../ui/section.js'
import type { SourceFile } from '../api.js'

interface ConnectionSectionProps {
  readonly id: string
  readonly value: SourceFile
  readonly onChange: (value: SourceFile) => void
  readonly disabled: boolean
}

/** The connector's form. */
export function ConnectionSection({ id, value, onChange, disabled }: ConnectionSectionProps) {
  useEffect(beginForm, [])
  const details = useRead('/api/v1/connectors/{name}/spec', { params: { path: { name: value.connector } } })
  const [check, setCheck] = useState<ConnectorCheck>()
  const [failed, setFailed] = useState<Config>()
  const use = (config: Config) => {
    setFailed(undefined)
    onChange({ ...value, config })
  }
  const test = async ({ data, secrets }: FilledForm) => {
    setCheck(undefined)
    setFailed(undefined)
    const answer = await checkConfig(value.connector, id, withTypedSecrets(data, secrets))
    setCheck(answer.check)
    if (answer.check.ok) use(answer.config)
    else setFailed(answer.config)
  }
  return (
    <Section title="Where it reads" description="Secrets are kept by the server and never shown again.">
      <Answer of={details} what="the connector’s form">
        {({ spec }) => (
          <Stack>
            <FormOnDemand
              schema={spec}
              value={(value.config ?? {}) as JsonObject}
              secretPrefix={id}
              action="Test and use"
              disabled={disabled}
              onSubmit={test}
            />
            {check !== undefined && <CheckResult check={check} kind="source" />}
            {failed !== undefined && (
              <div>
                <Button variant="default" size="xs" onClick={() => use(failed)}>
                  Use it all the same
                </Button>
              </div>
            )}
          </Stack>
        )}
      </Answer>
    </Section>
  )
}
