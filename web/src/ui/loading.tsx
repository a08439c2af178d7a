/** Shapes of what is on its way. */
import { Skeleton, Stack, VisuallyHidden } from '@mantine/core'

/** Lines of text or rows that are being read. `what` is heard: "Reading the segments". */
export function Loading({ what, lines = 4 }: { readonly what: string; readonly lines?: number }) {
  return (
    <Stack gap="sm" role="status" data-loading>
      <VisuallyHidden>{what}</VisuallyHidden>
      {Array.from({ length: lines }, (_, line) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the lines have nothing else.
        <Skeleton key={line} height={18} width={`${92 - ((line * 17) % 40)}%`} aria-hidden />
      ))}
    </Stack>
  )
}

/** A page's content that is being read: a row of numbers and a list. */
export function LoadingPage({ what }: { readonly what: string }) {
  return (
    <Stack gap="lg">
      <Skeleton height={84} aria-hidden />
      <Loading what={what} lines={8} />
    </Stack>
  )
}
