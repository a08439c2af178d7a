/** Something was refused or failed: what, where, what to do, and a way to try again. */
import { Alert, Button, Code, List, Stack, Text } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { ApiError, type Problem } from '../api/api-error.js'
import { sentenceOf, splitError } from './words.js'

interface ErrorStateProps {
  readonly error: unknown
  /** What could not be done: "Showing the sources". @default "This could not be done" */
  readonly title?: string
  /** Tries again; without it there is no button. */
  readonly retry?: () => void
}

/** A refusal in the place of what it kept from showing. */
export function ErrorState({ error, title = 'This could not be done', retry }: ErrorStateProps) {
  const { what, remedy } = splitError(error instanceof Error ? error.message : String(error))
  return (
    <Alert color="red" variant="default" role="alert" title={title} icon={<IconAlertTriangle aria-hidden />}>
      <Stack gap="xs" align="flex-start">
        <Text size="md">
          {sentenceOf(what)}
          {remedy !== undefined && <strong> {sentenceOf(remedy)}</strong>}
        </Text>
        {error instanceof ApiError && <Problems problems={error.problems} />}
        {retry !== undefined && (
          <Button size="xs" variant="default" onClick={retry}>
            Try again
          </Button>
        )}
      </Stack>
    </Alert>
  )
}

/** What is wrong in a file or a form, one line each. */
export function Problems({ problems }: { readonly problems: readonly Problem[] }) {
  if (problems.length === 0) return null
  return (
    <List size="sm" spacing={4}>
      {problems.map((problem) => (
        <List.Item key={`${problem.file}:${problem.line}:${problem.path}:${problem.message}`}>
          {problem.file !== undefined && <Code>{placeOf(problem)}</Code>} {sentenceOf(problem.message)}
          {problem.remedy !== undefined && <Text c="dimmed">{sentenceOf(problem.remedy)}</Text>}
        </List.Item>
      ))}
    </List>
  )
}

function placeOf({ file, line, column, path }: Problem): string {
  const place = [file, line, column].filter((part) => part !== undefined).join(':')
  return path === undefined || path === '' ? place : `${place} ${path}`
}
