/** Sign-in links: good once, for a while, and not to be guessed. */
import { deepEqual, equal } from 'node:assert/strict'
import { claimLink } from '../../../operations/members/links.js'
import { openTestApp } from '../../testing/test-server.js'
import type { Asked } from './asked.testing.js'

/** @param asked the server, once it runs */
export function byLink(asked: () => Asked): void {
  describe('by link', () => {
    let server: Asked['server']
    let ada: Asked['ada']
    let link: Asked['link']
    let use: Asked['use']
    before(() => {
      ;({ server, ada, link, use } = asked())
    })

    it('is refused for links that are too old, used, unknown or no links', async () => {
      const { token: old } = await link(ada.member.id, -1)
      const { token: used } = await link(ada.member.id)
      equal((await use(used)).statusCode, 200)
      const unknown = used.replace(/^./, (letter) => (letter === 'A' ? 'B' : 'A'))
      const answers = await Promise.all([old, used, unknown, '', "' OR 1=1 --"].map(use))
      const messages = new Set(answers.map((answer) => JSON.stringify(answer.json())))
      deepEqual(
        answers.map(({ statusCode }) => statusCode),
        [401, 401, 401, 401, 401],
      )
      // Which of them it was is nobody's business.
      equal(messages.size, 1)
    })

    it('counts at most once, however many use it at once', async () => {
      const { token } = await link(ada.member.id)
      const claims = await Promise.allSettled(
        Array.from({ length: 8 }, () => claimLink(server.operations, token)),
      )
      equal(claims.filter(({ status }) => status === 'fulfilled').length <= 1, true)
      equal((await use(token)).statusCode, 401)
    })

    it('may be tried ten times a minute', async () => {
      const limited = await openTestApp(server.operations, { guessesPerMinute: 10 })
      try {
        const statuses: number[] = []
        for (let tries = 0; tries < 12; tries += 1) {
          const answer = await limited.app.inject({
            method: 'POST',
            url: '/api/v1/session',
            payload: { link: 'guess' },
          })
          statuses.push(answer.statusCode)
        }
        deepEqual(statuses, [...Array.from({ length: 10 }, () => 401), 429, 429])
      } finally {
        await limited.close()
      }
    })
  })
}
