/**
 * Takes the pictures of the README from a demo: `npm run screenshots` starts one, signs in, and writes docs/images/*.png.
 * `npm run screenshots -- <sign-in link>` uses a demo that runs already; its last lines have the link, and
 * `npx tributary login-link --workspace …` makes another.
 */
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright-core'

const root = fileURLToPath(new URL('..', import.meta.url))
const images = join(root, 'docs', 'images')
const WINDOW = { width: 1280, height: 800 }
const DEMO_TIMEOUT_MS = 15 * 60_000
const WAIT_MS = 60_000
/** Larger ones are slow to read for whoever looks at the project for the first time. */
const MAX_BYTES = 200_000
const SEGMENT = 'lapsed-high-value'
const PROGRAMS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

/** What is taken: a name, a theme, where it is once somebody is signed in, and how much of it is worth a look. */
const PICTURES = [
  { name: 'overview', theme: 'light', path: async () => '/', height: 590 },
  { name: 'overview-dark', theme: 'dark', path: async () => '/', height: 590 },
  { name: 'segment', theme: 'light', path: async () => `/segments/${SEGMENT}` },
  { name: 'profile', theme: 'light', path: personPath },
  { name: 'activation', theme: 'light', path: async () => '/activations/lapsed-mail' },
]

const [given] = process.argv.slice(2)
const demo = given === undefined ? await startDemo() : { link: given, stop: async () => undefined }
try {
  await takePictures(demo.link)
} catch (error) {
  console.error(`taking the pictures: ${error.message}`)
  process.exitCode = 1
} finally {
  await demo.stop()
}

async function takePictures(link) {
  const executablePath = process.env.TRIBUTARY_CHROMIUM || PROGRAMS.find((path) => existsSync(path))
  if (executablePath === undefined)
    throw new Error('there is no Chromium; apt-get install chromium, or name it with TRIBUTARY_CHROMIUM')
  // The sandbox wants rights that containers do not give to root.
  const args = process.getuid?.() === 0 ? ['--no-sandbox'] : []
  const browser = await chromium.launch({ executablePath, args })
  try {
    await mkdir(images, { recursive: true })
    const context = await browser.newContext({ viewport: WINDOW, reducedMotion: 'reduce' })
    const page = await context.newPage()
    page.setDefaultTimeout(WAIT_MS)
    await page.goto(link)
    await page.getByRole('heading', { name: 'Overview', level: 1 }).waitFor()
    const origin = new URL(link).origin
    for (const picture of PICTURES) await take(page, origin, picture)
  } finally {
    await browser.close()
  }
}

async function take(page, origin, { name, theme, path, height = WINDOW.height }) {
  await page.emulateMedia({ colorScheme: theme })
  await page.setViewportSize({ ...WINDOW, height })
  await page.goto(origin + (await path(page, origin)))
  await page.getByRole('heading', { level: 1 }).first().waitFor()
  // What is read shows its shape first, and counts move until they are exact.
  await page.locator('[aria-busy="true"], .mantine-Skeleton-root').first().waitFor({ state: 'detached' })
  await page.waitForLoadState('load')
  await page.evaluate(() => document.fonts.ready)
  const picture = await stillPicture(page)
  if (picture.length > MAX_BYTES)
    throw new Error(`${name}.png has ${picture.length} bytes, more than ${MAX_BYTES}: show less in it`)
  await writeFile(join(images, `${name}.png`), picture)
  console.log(`docs/images/${name}.png  ${Math.round(picture.length / 1000)} kB`)
}

/** The page once two looks at it are the same: charts draw themselves, and the demo's schedules go on. */
async function stillPicture(page) {
  let before = await page.screenshot({ animations: 'disabled' })
  for (let look = 0; look < 20; look += 1) {
    await page.waitForTimeout(400)
    const now = await page.screenshot({ animations: 'disabled' })
    if (now.equals(before)) return now
    before = now
  }
  return before
}

/** Somebody of the segment of whom much is known. */
async function personPath(page, origin) {
  const answer = await page.request.get(`${origin}/api/v1/segments/${SEGMENT}/sample`)
  const { people } = await answer.json()
  const known = people.toSorted((a, b) => Object.keys(b.traits).length - Object.keys(a.traits).length)
  if (known.length === 0) throw new Error(`nobody is in ${SEGMENT}`)
  return `/profiles/${known[0].profile}`
}

/** Starts the demo and waits for its sign-in link; `stop` ends it as Ctrl-C does. */
async function startDemo() {
  const child = spawn(process.execPath, ['dist/cli/main.js', 'demo'], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const ended = new Promise((resolve) => child.once('close', resolve))
  const stop = async () => {
    if (child.exitCode === null) child.kill('SIGINT')
    await ended
  }
  let said = ''
  const link = await new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new Error('the demo is not ready after 15 minutes')),
      DEMO_TIMEOUT_MS,
    )
    const listen = (chunk) => {
      said += chunk
      process.stderr.write(chunk)
      const found = /https?:\/\/\S+\/sign-in#\S+/.exec(said)?.[0]
      if (found === undefined) return
      clearTimeout(timer)
      resolve(found)
    }
    child.stdout.on('data', listen)
    child.stderr.on('data', listen)
    void ended.then((code) => reject(new Error(`the demo ended by itself (${code})`)))
  }).catch(async (error) => {
    await stop()
    throw error
  })
  return { link, stop }
}
