/** What the page asks of people and segments, over a stack that runs: as a role, each answer as its schema says. */
import { type PageApi, startPageApi } from '../support/page-api.js'
import { people } from './page-people/people.js'
import { segments } from './page-people/segments.js'

describe('the API of people and segments', function () {
  this.timeout(180_000)
  let api: PageApi
  before(async () => {
    api = await startPageApi()
  })
  after(() => api?.stop())

  for (const part of [people, segments]) part(() => api)
})
