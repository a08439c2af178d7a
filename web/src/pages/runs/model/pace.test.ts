import { deepEqual, equal } from 'node:assert/strict'
import { type Look, paceOf, secondsLeft, shareDone, withLook } from './pace.js'

const look = (atMs: number, done: number): Look => ({ atMs, done })
const all = (...looks: readonly Look[]) => looks.reduce<readonly Look[]>(withLook, [])

describe('the pace of a run', () => {
  it('is what the last seconds brought', () => {
    equal(paceOf(all(look(0, 0), look(1000, 500), look(2000, 1000))), 500)
    equal(paceOf(all(look(0, 0), look(5000, 10_000), look(11_000, 10_000), look(15_000, 10_000))), 0)
  })

  it('is not known from one look, or from two that are close', () => {
    deepEqual([[], all(look(0, 5)), all(look(0, 5), look(300, 9))].map(paceOf), [
      undefined,
      undefined,
      undefined,
    ])
  })

  it('begins anew when what was done is less', () => {
    deepEqual(all(look(0, 100), look(1000, 20)), [look(1000, 20)])
  })

  it('tells what is left where the source says so', () => {
    deepEqual([shareDone(25, 75), shareDone(25, undefined), shareDone(0, 0)], [0.25, undefined, undefined])
    deepEqual(
      [secondsLeft(100, 50), secondsLeft(100, 0), secondsLeft(undefined, 50)],
      [2, undefined, undefined],
    )
  })
})
