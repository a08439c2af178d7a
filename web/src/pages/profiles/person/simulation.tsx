/** What a merge, split or undo would do, before anybody does it. */
import { List, Stack, Text } from '@mantine/core'
import { formatCount, formatNumber } from '../../../ui/format.js'
import type { Simulation } from '../api.js'

/** In words, with the segments that it concerns. */
export function SimulationWords({ of }: { readonly of: Simulation }) {
  const { profilesBefore, profilesAfter, merged, split, segments } = of
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
            {segments.map(({ segment, changed, leaves }) => (
              <List.Item key={segment}>
                {segment}: {formatCount(changed, 'member gets or loses', 'members get or lose')} identifiers
                {leaves > 0 &&
                  `; ${formatCount(leaves, 'is no member', 'are no members')} of their own any more`}
              </List.Item>
            ))}
          </List>
        </>
      )}
    </Stack>
  )
}
