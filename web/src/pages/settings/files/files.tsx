/** The workspace's files, as engineers write them: for what has no form, such as the time zone and the rules of who is who. */
import { Code, Stack, Text } from '@mantine/core'
import { Route, Routes } from 'react-router'
import { useRead } from '../../../api/hooks.js'
import type { components } from '../../../api/schema.js'
import { Answer } from '../../../ui/answer.js'
import { type Column, DataTable } from '../../../ui/data-table.js'
import { EmptyState } from '../../../ui/empty-state.js'
import { LongName } from '../../../ui/long-name.js'
import { StatusBadge } from '../../../ui/status-badge.js'
import { FileEditor } from './file-editor.js'
import { filePath, WHAT } from './file-words.js'

type Line = Pick<components['schemas']['FileLine'], 'path' | 'kind' | 'state'>

const COLUMNS: readonly Column<Line>[] = [
  {
    key: 'path',
    title: 'File',
    value: ({ path }) => path,
    render: ({ path }) => (
      <Code>
        <LongName name={path} />
      </Code>
    ),
  },
  { key: 'kind', title: 'What it says', value: ({ kind }) => WHAT[kind], render: ({ kind }) => WHAT[kind] },
  {
    key: 'state',
    title: 'State',
    value: ({ state }) => state,
    render: ({ state }) => <StatusBadge status={state} />,
  },
]

/** The list, and the editor of one of them. */
export function Files() {
  return (
    <Routes>
      <Route path="files" element={<List />} />
      <Route path="files/*" element={<FileEditor />} />
    </Routes>
  )
}

function List() {
  const files = useRead('/api/v1/workspace/files')
  return (
    <Stack>
      <Text c="dimmed">
        Everything that this workspace does stands in these files. Forms write them, too; whatever has no form
        is changed here.
      </Text>
      <Answer of={files} what="the files">
        {({ files }) => (
          <DataTable
            label="Files"
            unit={['file', 'files']}
            columns={COLUMNS}
            rows={files}
            rowKey={({ path }) => path}
            rowTo={({ path }) => filePath(path)}
            search="Find a file"
            empty={<EmptyState title="There are no files yet" />}
          />
        )}
      </Answer>
    </Stack>
  )
}
