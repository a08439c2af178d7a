/** The way from an empty workspace to a segment in a tool, as long as a step of it is left. */
import { Button, Paper, Text, Title } from '@mantine/core'
import { IconCheck } from '@tabler/icons-react'
import { Link } from 'react-router'
import type { components } from '../../api/schema.js'
import { useCan } from '../../app/session.js'
import classes from './overview.module.css'

type Overview = components['schemas']['Overview']

/** Steps with the next one ready to be done; nothing once all are done, or for who may not do them. */
export function GettingStarted({ overview }: { readonly overview: Overview }) {
  const allowed = useCan('marketer')
  const steps = stepsOf(overview)
  const next = steps.find(({ done }) => !done)
  if (next === undefined || !allowed) return null
  return (
    <Paper component="section" p="md" aria-labelledby="getting-started">
      <Title order={2} id="getting-started" mb="sm">
        From a source to a tool in four steps
      </Title>
      <ol className={classes.steps}>
        {steps.map((step) => (
          <li key={step.title} data-done={step.done} aria-current={step === next ? 'step' : undefined}>
            {step.done && <IconCheck size={16} aria-label="Done:" role="img" />}
            <div>
              <Text fw={550}>{step.title}</Text>
              <Text c="dimmed" size="sm">
                {step.why}
              </Text>
            </div>
            {step === next && (
              <Button component={Link} to={step.to} size="xs">
                {step.action}
              </Button>
            )}
          </li>
        ))}
      </ol>
    </Paper>
  )
}

function stepsOf({ sources, mappings, segments, activations }: Overview) {
  return [
    {
      title: 'Add a source',
      why: 'A database, files or an app that knows your customers.',
      action: 'Add a source',
      to: '/sources/new',
      done: sources.length > 0,
    },
    {
      title: 'Say who is who',
      why: 'Which columns name a person, and which rows are things that happened.',
      action: 'Map columns',
      to: '/sources',
      done: mappings > 0,
    },
    {
      title: 'Build a segment',
      why: 'The people you look for, counted as you say it.',
      action: 'Build a segment',
      to: '/segments/new',
      done: segments > 0,
    },
    {
      title: 'Send it to a tool',
      why: 'What would change there is shown before anything is sent.',
      action: 'Send a segment',
      to: '/activations/new',
      done: activations.length > 0,
    },
  ] as const
}
