/** Tries a filled form before anybody keeps it, and remembers what came of it. */
import { useState } from 'react'
import { type ConnectorCheck, type ConnectorDetails, checkConfig } from '../../../ui/connector/api.js'
import { type Fact, factsOf } from '../../../ui/connector/facts.js'
import { withTypedSecrets } from '../../../ui/connector/typed-secrets.js'
import type { FilledForm } from '../../../ui/schema-form/schema-form.js'

interface Tested {
  readonly check: ConnectorCheck
  /** What was tried. */
  readonly facts: readonly Fact[]
}

/** The last test of a form, and how to make the next. */
export function useTest({ name, spec }: Pick<ConnectorDetails, 'name' | 'spec'>, id: string) {
  const [tested, setTested] = useState<Tested>()
  const test = async ({ data, secrets }: FilledForm) => {
    setTested(undefined)
    const { check } = await checkConfig(name, id, withTypedSecrets(data, secrets))
    setTested({ check, facts: factsOf(spec, data) })
  }
  return { tested, test }
}
