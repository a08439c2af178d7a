/** Why one person is in the segment, or is not. */
import { Anchor, Button, Group, Paper, Stack, Text } from '@mantine/core'
import { Link, useSearchParams } from 'react-router'
import { useRead } from '../../../api/hooks.js'
import { Answer } from '../../../ui/answer.js'
import { StatusBadge } from '../../../ui/status-badge.js'
import { MASK } from '../../profiles/parts/names.js'
import { PersonSearch } from '../../profiles/parts/person-search.js'
import type { ExplainedCondition } from '../api.js'
import { ExplanationTree } from './explanation.js'

/** The person is kept in the address: what is seen can be shown to somebody else. */
export function WhyTab({ segment }: { readonly segment: string }) {
  const [params, setParams] = useSearchParams()
  const person = params.get('person')
  const choose = (profile: string | null) =>
    setParams((before) => {
      const next = new URLSearchParams(before)
      if (profile === null) next.delete('person')
      else next.set('person', profile)
      return next
    })
  if (person === null) {
    return (
      <Paper p="md">
        <PersonSearch label="Whom is it about?" onChoose={({ profile }) => choose(profile)} />
      </Paper>
    )
  }
  return <Explained segment={segment} person={person} onOther={() => choose(null)} />
}

function Explained(props: {
  readonly segment: string
  readonly person: string
  readonly onOther: () => void
}) {
  const { segment, person, onOther } = props
  const answer = useRead('/api/v1/segments/{id}/explain', {
    params: { path: { id: segment }, query: { profile: person } },
  })
  return (
    <Stack>
      <Group>
        <Button variant="default" size="xs" onClick={onOther}>
          Another person
        </Button>
      </Group>
      <Answer of={answer} what="why">
        {({ name, member, tree }) => (
          <Paper p="md">
            <Stack>
              <Group gap="sm">
                <Anchor component={Link} to={`/profiles/${person}`}>
                  {name === null || name === MASK ? person : name}
                </Anchor>
                <StatusBadge
                  status={member ? 'member' : 'no_member'}
                  label={member ? 'Fulfils it now' : 'Does not fulfil it now'}
                  tone={member ? 'good' : 'idle'}
                />
              </Group>
              <ExplanationTree tree={tree as ExplainedCondition} />
              <Text size="sm" c="dimmed">
                By the facts of this moment; members are those of the newest refresh.
              </Text>
            </Stack>
          </Paper>
        )}
      </Answer>
    </Stack>
  )
}
