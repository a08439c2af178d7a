/** What shows while the page does not know yet who reads it. */
import { Center, Loader, Stack, Text, VisuallyHidden } from '@mantine/core'

interface StartingProps {
  /** Why it takes so long, once it does. */
  readonly why?: string
}

/** A quiet sign of work in the middle of an empty page. */
export function Starting({ why }: StartingProps) {
  return (
    <Center mih="60vh" p="md" role="status">
      <Stack align="center" gap="sm">
        <Loader size="sm" aria-hidden />
        {why === undefined ? <VisuallyHidden>Loading</VisuallyHidden> : <Text ta="center">{why}</Text>}
      </Stack>
    </Center>
  )
}
