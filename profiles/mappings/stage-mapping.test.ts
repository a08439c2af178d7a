/** From rows of real streams to facts, on a real engine. */
import { editing } from './stage-mapping/editing.testing.js'
import { following } from './stage-mapping/following.testing.js'
import { Orders } from './stage-mapping/orders.testing.js'
import { values } from './stage-mapping/values.testing.js'

describe('a mapping', () => {
  const world = new Orders()
  before(() => world.start())
  after(() => world.stop())

  for (const part of [values, following, editing]) part(world)
})
