import assert from 'node:assert/strict'
import { type Poller, type Polling, polling } from './pollers.js'

const NOW = 1_000_000
const asked = (queue: string, identity: string, secondsAgo: number): Poller => ({
  queue,
  identity,
  lastAskedMs: NOW - secondsAgo * 1000,
})

describe('who takes work', () => {
  const cases: readonly [string, readonly Poller[], Polling][] = [
    ['nobody', [], { workers: [], idle: ['a', 'b'] }],
    [
      'a worker that asks both queues',
      [asked('a', 'w1', 1), asked('b', 'w1', 59)],
      { workers: ['w1'], idle: [] },
    ],
    [
      'no worker that died two minutes ago, though the server still names it',
      [asked('a', 'w1', 120), asked('b', 'w1', 121)],
      { workers: [], idle: ['a', 'b'] },
    ],
    [
      'a worker whose slots of one queue are all taken',
      [asked('a', 'w1', 5), asked('b', 'w1', 200)],
      { workers: ['w1'], idle: [] },
    ],
    [
      'a worker that never asked for one of them',
      [asked('a', 'w1', 5), asked('b', 'w2', 200)],
      { workers: ['w1'], idle: ['b'] },
    ],
  ]
  for (const [who, pollers, expected] of cases)
    it(`is ${who}`, () => assert.deepEqual(polling(['a', 'b', 'a'], pollers, NOW), expected))
})
