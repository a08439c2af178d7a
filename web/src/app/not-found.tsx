/** An address that leads nowhere. */
import { Button } from '@mantine/core'
import { Link } from 'react-router'
import { EmptyState } from '../ui/empty-state.js'
import { Page } from '../ui/page.js'

/** The page for every other address. */
export function Component() {
  return (
    <Page title="Nothing is here">
      <EmptyState
        title="This address leads nowhere"
        action={
          <Button component={Link} to="/">
            To the overview
          </Button>
        }
      >
        What you look for may have been renamed or taken away.
      </EmptyState>
    </Page>
  )
}
