/** Stands where a reader's role makes nothing: who does, and whom to ask. */
import { Button } from '@mantine/core'
import { Link } from 'react-router'
import { EmptyState } from './empty-state.js'
import { Page, type PageProps } from './page.js'

interface ForMarketersProps extends Pick<PageProps, 'above'> {
  /** `Segments are built by marketers` */
  readonly title: string
  /** Things of the kind: `segments`. */
  readonly things: string
  /** What is asked for: `build or change one`. */
  readonly act: string
  /** The way to what they may see. */
  readonly to: string
  /** `Show the segments` */
  readonly show: string
}

/** The whole page. */
export function ForMarketers({ title, above, things, act, to, show }: ForMarketersProps) {
  return (
    <Page title={title} {...(above && { above })}>
      <EmptyState
        title={`Your role reads ${things}`}
        action={
          <Button component={Link} to={to} variant="default">
            {show}
          </Button>
        }
      >
        To {act}, ask an admin of the workspace for the role marketer.
      </EmptyState>
    </Page>
  )
}
