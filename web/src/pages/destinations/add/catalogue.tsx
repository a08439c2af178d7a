/** What segments can be sent to: every connector of destinations that is installed. */
import { IconSend } from '@tabler/icons-react'
import { useLocation } from 'react-router'
import { useRead } from '../../../api/hooks.js'
import { Answer } from '../../../ui/answer.js'
import { ConnectorCards } from '../../../ui/connector/connector-cards.js'
import { Page } from '../../../ui/page.js'
import { newDestinationPath } from '../paths.js'

/** Connectors as cards. */
export function Catalogue() {
  const connectors = useRead('/api/v1/connectors', { params: { query: { kind: 'destination' } } })
  const { search } = useLocation()
  return (
    <Page
      title="Connect a destination"
      description="Which tool should get your segments? Connecting it sends nothing yet."
      above={[{ title: 'Destinations', to: '/destinations' }]}
    >
      <Answer of={connectors} what="the connectors">
        {({ connectors }) => (
          <ConnectorCards
            connectors={connectors}
            formOf={({ name }) => newDestinationPath(name, search)}
            icon={IconSend}
          />
        )}
      </Answer>
    </Page>
  )
}
