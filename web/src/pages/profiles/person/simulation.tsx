/** What a merge, split or undo would do, before anybody does it. */
import { List, Stack, Text } from '@mantine/core'
import { useSegmentNames } from '../../../api/use-segment-names.js'
import { formatCount, formatNumber } from '../../../ui/format.js'
import type { Simulation } from '../api.js'

/** `2 people come in, 1 goes out.` */
function sayMoves(enters: number, leaves: number): string {
  if (enters + leaves === 0) return 'nobody comes or goes.'
  const moves = [
    enters > 0 && formatCount(enters, 'person comes in', 'people come in'),
    leaves > 0 && formatCount(leaves, 'person goes out', 'people go out'),
  ]
  return `${moves.filter((words) => words !== false).join(', ')}.`
}

/** In words, with the segments that it concerns. */
export function SimulationWords({ of }: { readonly of: Simulation }) {
  const { profilesBefore, profilesAfter, merged, split, segments } = of
  const nameOf = useSegmentNames()
  const nothing = merged === 0 && split === 0
  return (
    <Stack gap="xs" role="status">
      <Text>
        {nothing ? (
          'It changes nobody: they are as it says already, or a limit of the identity rules keeps it so.'
        ) : (
          <>
            {merged > 0 && `${formatCount(merged, 'person becomes', 'people become')} part of another one. `}
            {split > 0 && `${formatCount(split, 'person comes', 'people come')} out of another one. `}
            There are {formatNumber(profilesAfter)} people then, instead of {formatNumber(profilesBefore)}.
          </>
        )}
      </Text>
      {segments.length > 0 && (
        <>
          <Text>Segments that it concerns:</Text>
          <List size="sm">
            {segments.map(({ segment, before, after, enters, leaves }) => (
              <List.Item key={segment}>
                {nameOf(segment)}: {sayMoves(enters, leaves)}
                {before !== after &&
                  ` It has ${formatCount(after, 'member')} then, instead of ${formatNumber(before)}.`}
              </List.Item>
            ))}
          </List>
        </>
      )}
    </Stack>
  )
}
