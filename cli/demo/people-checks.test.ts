import assert from 'node:assert/strict'
import type { FoundPeople } from './people.js'
import { logChecks, peopleChecks } from './people-checks.js'

const names = (...list: string[]): ReadonlySet<string> => new Set(list)

const found: FoundPeople = {
  people: names('1', '2', '3'),
  segments: new Map([
    ['good', names('1', '2')],
    ['winback', names('2')],
  ]),
  drawn: names('2', '3'),
  version: 1,
}

describe('checks of people', () => {
  it('hold where the same people are found, the draw of win-back included', () => {
    const expected = {
      people: names('3', '2', '1'),
      segments: { good: names('2', '1') },
      winbackCandidates: names('1', '2'),
    }
    assert.deepEqual(peopleChecks('first', found, expected), [
      { name: 'people: first', ok: true, detail: '3 profiles' },
      { name: 'segments: good first', ok: true, detail: '2 members' },
      { name: 'segments: winback first', ok: true, detail: '1 members' },
    ])
  })

  it('name who is missing and who is too many, also where the sizes agree', () => {
    const expected = {
      people: names('1', '2', '3', '4'),
      segments: { good: names('1', '3'), other: names('1') },
      winbackCandidates: names('2'),
    }
    assert.deepEqual(peopleChecks('first', found, expected), [
      { name: 'people: first', ok: false, detail: '3 profiles instead of 4; missing 4' },
      { name: 'segments: good first', ok: false, detail: '2 members instead of 2; missing 3; too many 2' },
      { name: 'segments: other first', ok: false, detail: '0 members instead of 1; missing 1' },
      { name: 'segments: winback first', ok: true, detail: '1 members' },
    ])
  })

  it('want the membership log to be the difference', () => {
    const before = new Map([['good', names('1', '2')]])
    const after = new Map([['good', names('2', '3')]])
    const entered = { segment: 'good', name: '3', change: 'entered' } as const
    const left = { segment: 'good', name: '1', change: 'left' } as const
    assert.deepEqual(
      [[entered, left], [entered]].map((changes) => logChecks(changes, before, after)[0]),
      [
        { name: 'membership log: good', ok: true, detail: '1 entered, 1 left' },
        { name: 'membership log: good', ok: false, detail: '1 entered, 0 left instead of 1; missing 1' },
      ],
    )
  })
})
