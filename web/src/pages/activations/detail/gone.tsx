/** An address of something that is not there: of an activation, or of one of its runs. */
import { Button } from '@mantine/core'
import { Link } from 'react-router'
import { EmptyState } from '../../../ui/empty-state.js'
import { Page } from '../../../ui/page.js'
import { activationPath } from '../paths.js'

const ACTIVATIONS = { title: 'Activations', to: '/activations' }

export function NoActivation({ id }: { readonly id: string }) {
  return (
    <Page title="No such activation" above={[ACTIVATIONS]}>
      <EmptyState
        title={`There is no activation ${id}`}
        action={
          <Button component={Link} to={ACTIVATIONS.to}>
            All activations
          </Button>
        }
      >
        It may have been removed or renamed.
      </EmptyState>
    </Page>
  )
}

export function NoRun({ id }: { readonly id: string }) {
  const activation = { title: id, to: activationPath(id) }
  return (
    <Page title="No such run" above={[ACTIVATIONS, activation]}>
      <EmptyState
        title={`${id} has no such run`}
        action={
          <Button component={Link} to={activation.to}>
            Runs of {id}
          </Button>
        }
      >
        Its address may be cut short, or the run is older than what is kept.
      </EmptyState>
    </Page>
  )
}
