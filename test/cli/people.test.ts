/** People and segments through the command line: real processes, a real stack, whole answers. Each part goes on from the one before. */
import { decisions } from './people/decisions.js'
import { foundPeople } from './people/found.js'
import { lists } from './people/lists.js'
import { PeopleCli } from './people/people-cli.js'
import { segments } from './people/segments.js'

describe('people on the command line', function () {
  this.timeout(240_000)
  const cli = new PeopleCli()
  before(() => cli.start())
  after(() => cli.stop())

  for (const part of [foundPeople, segments, decisions, lists]) part(cli)
})
