/** Two people have one segment open, each in a browser of their own: whatever they do, nobody's words are lost. */
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Browser, Page } from 'playwright-core'
import { addMember } from '../../operations/members/members.js'
import { latestRevision } from '../../warehouse/revisions.js'
import { type Audience, customers, startAudience } from '../support/audience.js'
import { needChromium, openBrowser, settled, signIn, violations } from './browser.js'

const SERVER = fileURLToPath(new URL('../../server/main.js', import.meta.url))

/** As an engineer wrote it. */
const FILE = `# Agreed with sales.
name: NAME
description: First words
who: { trait: city, eq: Paris } # the pilot
`

describe('two people with one segment', function () {
  this.timeout(600_000)
  let browser: Browser
  let audience: Audience
  let url: string
  let mia: Page
  let tom: Page
  const errors: (readonly string[])[] = []

  before(async function () {
    needChromium(this)
    audience = await startAudience({ serverEntry: SERVER })
    await audience.haveCustomers(customers(1, 5))
    await audience.refresh()
    browser = await openBrowser()
    const enter = async (name: string) => {
      await addMember(audience.stack.context, { name, role: 'marketer', by: 'test' })
      const signedIn = await signIn(browser, audience.stack, { member: name })
      signedIn.page.setDefaultTimeout(90_000)
      errors.push(signedIn.errors)
      url = signedIn.url
      return signedIn.page
    }
    mia = await enter('Mia')
    tom = await enter('Tom')
  })
  after(async () => {
    await browser?.close()
    await audience?.stop()
  })

  const fileOf = (id: string) => `segments/${id}.yaml`
  const have = (id: string) => audience.stack.write({ [fileOf(id)]: FILE.replace('NAME', id) })
  const draft = (id: string) => readFile(join(audience.stack.workspaceDir, fileOf(id)), 'utf8')
  const published = async (id: string) =>
    (await latestRevision(await audience.stack.context.warehouse()))?.files[fileOf(id)]
  /** The file with these words. */
  const said = (id: string, words: string) => FILE.replace('NAME', id).replace('First words', words)

  const words = (page: Page) => page.getByRole('textbox', { name: 'What it is for' })
  const click = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click()
  const open = async (page: Page, id: string) => {
    await page.goto(`${url}/segments/${id}/edit`)
    await settled(page)
    await words(page).waitFor()
  }
  const save = async (page: Page) => {
    await click(page, 'Save')
    await page.getByText('is saved as a draft').first().waitFor()
  }
  const code = async (page: Page, label: string) =>
    (await page.getByRole('region', { name: label }).textContent()) ?? ''

  it('both keep what they wrote, where the second saves a copy', async () => {
    await have('copied')
    await open(mia, 'copied')
    await open(tom, 'copied')
    await words(tom).fill('Words of Tom')
    await words(mia).fill('Words of Mia')
    await save(mia)
    await tom.getByText('Somebody else changed this segment').waitFor()
    assert.equal(await words(tom).inputValue(), 'Words of Tom')
    await click(tom, 'Save')
    await tom.getByRole('dialog').getByText('Nothing is lost').waitFor()
    assert.match(await code(tom, 'Their segment as YAML'), /Words of Mia/)
    assert.match(await code(tom, 'Your segment as YAML'), /Words of Tom/)
    assert.deepEqual(await violations(tom), [])
    await click(tom, 'Save yours as a copy')
    await tom.waitForURL(`${url}/segments/copied-2/edit`)
    assert.equal(await draft('copied'), said('copied', 'Words of Mia'))
    assert.equal(await draft('copied-2'), said('copied', 'Words of Tom'))
  })

  it('both are a step apart, where the second opens what the first saved', async () => {
    await have('taken')
    await open(mia, 'taken')
    await open(tom, 'taken')
    await words(tom).fill('Words of Tom')
    await words(mia).fill('Words of Mia')
    await save(mia)
    await click(tom, 'Save')
    await click(tom, 'Open theirs; undo brings yours back')
    await tom.getByRole('dialog').waitFor({ state: 'detached' })
    assert.equal(await words(tom).inputValue(), 'Words of Mia')
    await click(tom, 'Undo')
    assert.equal(await words(tom).inputValue(), 'Words of Tom')
    assert.equal(await draft('taken'), said('taken', 'Words of Mia'))
    await save(tom)
    assert.equal(await draft('taken'), said('taken', 'Words of Tom'))
  })

  it('who changed nothing sees what the other one saves, and goes on from there', async () => {
    await have('followed')
    await open(mia, 'followed')
    await open(tom, 'followed')
    await words(mia).fill('Words of Mia')
    await save(mia)
    await tom.getByRole('textbox', { name: 'What it is for' }).and(tom.getByText('Words of Mia')).waitFor()
    await words(tom).fill('Words of Mia and Tom')
    await save(tom)
    assert.equal(await draft('followed'), said('followed', 'Words of Mia and Tom'))
  })

  it('who edits what the other one deletes can bring it back', async () => {
    await have('deleted')
    await open(tom, 'deleted')
    await words(tom).fill('Words of Tom')
    await mia.goto(`${url}/segments/deleted`)
    await settled(mia)
    await click(mia, 'More')
    await mia.getByRole('menuitem', { name: 'Delete' }).click()
    await mia.getByText('deleted was deleted').waitFor()
    await tom.getByText('Somebody else deleted this segment').waitFor()
    assert.equal(await words(tom).inputValue(), 'Words of Tom')
    await click(tom, 'Save')
    await tom.getByRole('dialog').getByText('Yours is still here').waitFor()
    assert.match(await code(tom, 'Your segment as YAML'), /Words of Tom/)
    await click(tom, 'Bring it back with yours')
    await tom.getByRole('dialog').waitFor({ state: 'detached' })
    assert.equal(await draft('deleted'), said('deleted', 'Words of Tom'))
    await click(mia, 'Undo')
    await mia.getByText('Could not undo this').waitFor()
    assert.equal(await draft('deleted'), said('deleted', 'Words of Tom'))
  })

  it('what is published is what its publisher saw, not what the other one saved meanwhile', async () => {
    await have('published')
    await open(mia, 'published')
    await click(mia, 'Publish …')
    await mia.getByRole('dialog').getByText('Nothing depends on it yet').waitFor()
    await open(tom, 'published')
    await words(tom).fill('Words of Tom')
    await save(tom)
    await mia.getByRole('dialog').getByRole('button', { name: 'Publish', exact: true }).click()
    await mia.getByRole('dialog').getByText('Nothing is lost').waitFor()
    assert.match(await code(mia, 'Their segment as YAML'), /Words of Tom/)
    assert.equal(await published('published'), undefined)
    await click(mia, 'Open theirs; undo brings yours back')
    await click(mia, 'Publish …')
    await mia.getByRole('dialog').getByRole('button', { name: 'Publish', exact: true }).click()
    await mia.getByText('published is published').waitFor()
    assert.equal(await published('published'), said('published', 'Words of Tom'))
  })

  it('who has a draft keeps it, when the other one publishes', async () => {
    await have('kept')
    await open(tom, 'kept')
    await words(tom).fill('Words of Tom')
    await open(mia, 'kept')
    await click(mia, 'Publish …')
    await mia.getByRole('dialog').getByRole('button', { name: 'Publish', exact: true }).click()
    await mia.getByText('kept is published').waitFor()
    assert.equal(await words(tom).inputValue(), 'Words of Tom')
    await save(tom)
    assert.deepEqual(
      [await draft('kept'), await published('kept')],
      [said('kept', 'Words of Tom'), said('kept', 'First words')],
    )
    // Both ask once more for what one of them deleted.
    assert.deepEqual(
      errors.flat().filter((error) => !error.includes('status of 404')),
      [],
    )
  })
})
