/** That something failed and is tried again: why, how often, when. */
import { Text } from '@mantine/core'
import { TimeText } from '../../../ui/texts.js'
import { sentenceOf } from '../../../ui/words.js'
import type { Retry } from '../api.js'

/** A short paragraph. */
export function RetryNote({ retry }: { readonly retry: Retry }) {
  const { failed, of, message, nextAt } = retry
  return (
    <Text size="sm" component="div">
      <strong>
        {failed === 1 ? 'One attempt failed' : `${failed} attempts failed`}
        {of === undefined ? '' : ` of ${of}`}.
      </strong>{' '}
      {sentenceOf(message)}{' '}
      {nextAt === undefined ? (
        'It is being tried again now.'
      ) : (
        <>
          Next attempt <TimeText at={nextAt} />.
        </>
      )}
    </Text>
  )
}
