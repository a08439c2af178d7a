/** Who could not be sent, and why. */
import { Anchor } from '@mantine/core'
import { useRead } from '../../../api/hooks.js'
import type { components } from '../../../api/schema.js'
import { Answer } from '../../../ui/answer.js'
import { type Column, DataTable } from '../../../ui/data-table.js'
import { EmptyState } from '../../../ui/empty-state.js'
import { Section } from '../../../ui/section.js'
import { TimeText } from '../../../ui/texts.js'
import { valueText } from '../model/words.js'

type Reject = components['schemas']['ActivationReject']

const matchText = ({ match }: Reject): string =>
  typeof match === 'object' ? Object.values(match).map(valueText).join(', ') : match

const COLUMNS: readonly Column<Reject>[] = [
  { key: 'match', title: 'Who', value: matchText, render: matchText },
  { key: 'reason', title: 'Why', value: ({ reason }) => reason, render: ({ reason }) => reason },
  { key: 'code', title: 'Code', minor: true, value: ({ code }) => code, render: ({ code }) => code ?? '–' },
  { key: 'at', title: 'When', value: ({ at }) => at, render: ({ at }) => <TimeText at={at} /> },
]

/** More are for a spreadsheet. */
const SHOWN = 200

export function RejectsSection({ id }: { readonly id: string }) {
  const rejects = useRead('/api/v1/activations/{id}/rejects', {
    params: { path: { id }, query: { limit: SHOWN } },
  })
  const file = `/api/v1/activations/${encodeURIComponent(id)}/rejects.ndjson`
  return (
    <Section
      title="Rejects"
      description={`${rejects.data?.rejects.length === SHOWN ? `Shown are the newest ${SHOWN}; download all to see the others. ` : ''}Every run tries them again.`}
      bare
      actions={
        rejects.data !== undefined && rejects.data.rejects.length > 0 ? (
          <Anchor href={file} download>
            Download all
          </Anchor>
        ) : undefined
      }
    >
      <Answer of={rejects} what="the rejects">
        {({ rejects }) => (
          <DataTable
            label="Rejects"
            columns={COLUMNS}
            rows={rejects}
            rowKey={(reject) => `${reject.profile} ${matchText(reject)}`}
            pageSize={10}
            unit={['reject', 'rejects']}
            search="Find somebody or a reason"
            empty={<EmptyState title="Nobody was rejected" />}
          />
        )}
      </Answer>
    </Section>
  )
}
