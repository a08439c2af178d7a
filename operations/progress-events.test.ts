import { deepEqual, rejects } from 'node:assert/strict'
import { type Followed, progressEvents } from './progress-events.js'

async function gather<Event>(events: AsyncIterable<Event>): Promise<readonly Event[]> {
  const all: Event[] = []
  for await (const event of events) all.push(event)
  return all
}

const never = () => new AbortController().signal

describe('progress as events', () => {
  it('gives pictures that differ, and at last the report', async () => {
    const follow = async ({ onProgress }: Followed<number>) => {
      for (const picture of [1, 1, 2]) {
        onProgress(picture)
        await new Promise(setImmediate)
      }
      return 'done'
    }
    deepEqual(await gather(progressEvents(follow, never())), [
      { type: 'progress', progress: 1 },
      { type: 'progress', progress: 2 },
      { type: 'ended', report: 'done' },
    ])
  })

  it('ends without a word when the reader leaves', async () => {
    const reader = new AbortController()
    const follow = ({ signal, onProgress }: Followed<number>) => {
      onProgress(1)
      return new Promise<string>((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason))
      })
    }
    const seen: unknown[] = []
    for await (const event of progressEvents(follow, reader.signal)) {
      seen.push(event)
      reader.abort()
    }
    deepEqual(seen, [{ type: 'progress', progress: 1 }])
  })

  it('tells why a run cannot be followed', async () => {
    const follow = async (): Promise<string> => {
      throw new Error('nobody answers')
    }
    await rejects(gather(progressEvents(follow, never())), /nobody answers/)
  })
})
