/**
 * The one story that this platform is for, in a real Chromium, by somebody who writes no code: from a database and a file to
 * people, to a segment, to a tool, and back. Each step goes on where the one before ended.
 */
import assert from 'node:assert/strict'
import { needChromium } from './browser.js'
import { approveIt, manyBuyAgain, seeTheGuardHoldIt, takeItBack } from './story/guard.js'
import { anAdminInvitesAMarketer, type Marketer, theMarketerComesInByTheLink } from './story/marketer.js'
import { theActivationsInTemporal, theRefreshInTemporal, theSyncInTemporal } from './story/operator.js'
import {
  mapTheCustomers,
  mapTheLoyaltyMembers,
  mapTheOrdersThatWerePaid,
  seeEverybodyOnce,
} from './story/people.js'
import {
  findAPerson,
  seeWhatIsKnownAndFromWhere,
  seeWhatTheyDid,
  seeWhyTheyAreOnePerson,
} from './story/person.js'
import { buildTheSegment, publishTheSegment, seeWhySomebodyIsInIt } from './story/segment.js'
import { connectTheMailingTool, sayWhatTheToolGets, seeADryRun, sendIt } from './story/sending.js'
import {
  connectTheLoyaltyFile,
  connectTheShopsDatabase,
  seeItFinishAllTheSame,
  seeItSyncWhileTheWorkerIsKilled,
} from './story/sources.js'
import { type Stage, setTheStage } from './story/stage.js'

describe('a marketer, with no terminal', function () {
  this.timeout(600_000)
  // Each step needs those before it.
  this.bail(true)
  let stage: Stage
  let marketer: Marketer

  before(async function () {
    needChromium(this)
    stage = await setTheStage()
  })
  after(() => stage?.stop())

  it('comes in by the link that an admin made for them', async () => {
    const link = await anAdminInvitesAMarketer(stage)
    marketer = await theMarketerComesInByTheLink(stage, link)
  })

  it('connects a database by its form', () => connectTheShopsDatabase(marketer, stage))

  it('sees it sync, and finish all the same when the worker is killed on the way', async () => {
    await seeItSyncWhileTheWorkerIsKilled(marketer, stage)
    await seeItFinishAllTheSame(marketer, stage)
    await theSyncInTemporal(marketer, stage)
  })

  it('connects a file by its form', () => connectTheLoyaltyFile(marketer, stage))

  it('maps both to people, and sees everybody once', async () => {
    await mapTheCustomers(marketer, stage)
    await mapTheOrdersThatWerePaid(marketer)
    await mapTheLoyaltyMembers(marketer, stage)
    await seeEverybodyOnce(marketer, stage)
  })

  it('looks a person up: what they did, what is known and from where, why they are one', async () => {
    await findAPerson(marketer, stage)
    await seeWhatTheyDid(marketer, stage)
    await seeWhatIsKnownAndFromWhere(marketer, stage)
    await seeWhyTheyAreOnePerson(marketer, stage)
  })

  it('builds who spent over 500 and has not bought for 60 days, counted at each edit', () =>
    buildTheSegment(marketer, stage))

  it('publishes it, and sees why somebody is in it', async () => {
    await publishTheSegment(marketer, stage)
    await seeWhySomebodyIsInIt(marketer, stage)
    await theRefreshInTemporal(marketer, stage)
  })

  it('connects a tool and says what it gets', async () => {
    await connectTheMailingTool(marketer, stage)
    await sayWhatTheToolGets(marketer)
  })

  it('sees in a dry run what would be sent, sends it, and it arrives', async () => {
    await seeADryRun(marketer, stage)
    await sendIt(marketer, stage)
  })

  it('is asked before many are removed, approves it, and they are removed', async () => {
    await manyBuyAgain(marketer, stage)
    await seeTheGuardHoldIt(marketer, stage)
    await approveIt(marketer, stage)
  })

  it('takes the run back, and all are there again', async () => {
    await takeItBack(marketer, stage)
    await theActivationsInTemporal(stage)
  })

  it('met no fault of the page', () => {
    assert.deepEqual({ faults: marketer.faults, errors: marketer.errors }, { faults: [], errors: [] })
  })
})
