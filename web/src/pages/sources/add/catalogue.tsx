/** What data can come from: every connector of sources that is installed. */
import { IconDatabase } from '@tabler/icons-react'
import { useRead } from '../../../api/hooks.js'
import { Answer } from '../../../ui/answer.js'
import { ConnectorCards } from '../../../ui/connector/connector-cards.js'
import { Page } from '../../../ui/page.js'

/** Connectors as cards. */
export function Catalogue() {
  const connectors = useRead('/api/v1/connectors', { params: { query: { kind: 'source' } } })
  return (
    <Page
      title="Add a source"
      description="Where does the data come from? Nothing is changed there: a source is only read."
      above={[{ title: 'Sources', to: '/sources' }]}
    >
      <Answer of={connectors} what="the connectors">
        {({ connectors }) => (
          <ConnectorCards
            connectors={connectors}
            formOf={({ name }) => `/sources/new/${encodeURIComponent(name)}`}
            icon={IconDatabase}
          />
        )}
      </Answer>
    </Page>
  )
}
