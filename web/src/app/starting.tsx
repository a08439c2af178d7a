/** What shows while the page does not know yet who reads it. */
import { Center, Loader, VisuallyHidden } from '@mantine/core'

/** A quiet sign of work in the middle of an empty page. */
export function Starting() {
  return (
    <Center mih="60vh" role="status">
      <Loader size="sm" aria-hidden />
      <VisuallyHidden>Loading</VisuallyHidden>
    </Center>
  )
}
