/** Is my data flowing? From sources over people and segments to tools, with what needs attention and what to do. */

import { Stack } from '@mantine/core'
import { useRead } from '../../api/hooks.js'
import { useSession } from '../../app/session.js'
import { Answer } from '../../ui/answer.js'
import { LoadingPage } from '../../ui/loading.js'
import { Page } from '../../ui/page.js'
import { AttentionList } from './attention-list.js'
import { Flow } from './flow.js'
import { GettingStarted } from './getting-started.js'
import { UnpublishedChanges } from './unpublished-changes.js'

/** The first page. */
export function Component() {
  const { workspace } = useSession()
  const overview = useRead('/api/v1/workspace')
  return (
    <Page
      title="Overview"
      description={`How data flows through ${workspace.name}, from its sources to your tools.`}
    >
      <Answer
        of={overview}
        what="how everything goes"
        loading={<LoadingPage what="Reading how everything goes" />}
      >
        {(data) => (
          <Stack gap="xl">
            <GettingStarted overview={data} />
            <AttentionList items={data.attention} isUsed={data.sources.some(({ last }) => last !== null)} />
            <Flow overview={data} />
            {data.drafts.changed > 0 && <UnpublishedChanges faulty={data.drafts.faulty} />}
          </Stack>
        )}
      </Answer>
    </Page>
  )
}
