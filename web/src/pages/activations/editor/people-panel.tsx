/** Some real people as the tool would get them, under the form's eyes. */
import { Anchor, Paper, Stack, Text, Title } from '@mantine/core'
import { Link } from 'react-router'
import { MASK } from '../../profiles/parts/names.js'
import type { Definition } from '../model/definition.js'
import { type TargetObject, titleOf } from '../model/fit.js'
import { valueText } from '../model/words.js'
import classes from './editor.module.css'
import { usePeople } from './use-people.js'

interface PeoplePanelProps {
  readonly id: string | undefined
  readonly definition: Definition
  readonly object: TargetObject | undefined
  /** True where the definition was checked as it is. */
  readonly isSound: boolean
}

/** Nothing as long as there is nothing to show. */
export function PeoplePanel({ id, definition, object, isSound }: PeoplePanelProps) {
  const { data } = usePeople(id, definition, isSound)
  if (data === undefined) return null
  return (
    <Paper p="md" component="section" aria-label="On real people">
      <Title order={2} size="md" mb={4}>
        On real people
      </Title>
      {data.people.length === 0 ? (
        <Text size="sm" c="dimmed">
          Nobody to show yet: the segment has no members who may be sent, or is counted with the next refresh.
        </Text>
      ) : (
        <Stack gap="sm">
          {data.people.map(({ profile, name, match, fields }) => (
            <div key={profile}>
              <Anchor component={Link} to={`/profiles/${profile}`} size="sm" target="_blank">
                {name === null || name === MASK ? profile : name}
              </Anchor>
              <dl className={classes.people}>
                {[...entriesOf(match), ...entriesOf(fields)].map(([name, value]) => (
                  <div key={name}>
                    <dt>{titleOf(object, name)}</dt>
                    <dd>{valueText(value)}</dd>
                  </div>
                ))}
              </dl>
            </div>
          ))}
          <Text size="sm" c="dimmed">
            As they are before the tool’s own formats; a dry run shows those, too.
          </Text>
        </Stack>
      )}
    </Paper>
  )
}

/** Values that the reader may not see come as one text in place of all. */
const entriesOf = (values: unknown): readonly (readonly [string, unknown])[] =>
  typeof values === 'object' && values !== null ? Object.entries(values) : []
