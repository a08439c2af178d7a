/** The workspace by its API, also where Temporal is not there: what is known is shown, and what is missing said. */
import { deepEqual, equal } from 'node:assert/strict'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { startTestServer, type TestServer, type TestSession } from '../testing/test-server.js'

const FILES = {
  'tributary.yaml': 'workspace: quiet\n',
  'identity.yaml': 'identifiers: { email: { normalize: email } }\n',
  'sources/shop.yaml': `connector: source-files
config: { location: { folder: ./data } }
schedule: { cron: "0 6 * * 1-5", time_zone: Europe/Paris }
streams: [{ name: "*", sync_mode: full_refresh, destination_sync_mode: overwrite }]
`,
}

describe('routes of the workspace', function () {
  this.timeout(60_000)
  let server: TestServer
  let operator: TestSession

  before(async () => {
    // Nothing listens there.
    server = await startTestServer({ env: { TEMPORAL_ADDRESS: '127.0.0.1:1' } })
    operator = await server.signIn('operator')
    for (const [path, text] of Object.entries(FILES)) {
      const file = join(server.operations.workspaceDir, path)
      await mkdir(join(file, '..'), { recursive: true })
      await writeFile(file, text)
    }
  })
  after(() => server?.close())

  const get = async <Answer>(url: string) =>
    (await operator.send({ method: 'GET', url: `/api/v1${url}` })).json<Answer>()

  it('show what is known without Temporal, and say that it does not answer', async () => {
    const { attention, sources, workers } = await get<{
      attention: { message: string }[]
      sources: object[]
      workers: number
    }>('/workspace')
    deepEqual(
      attention.map(({ message }) => message),
      ['Temporal does not answer', 'Not published yet: 3 files'],
    )
    equal(workers, 0)
    deepEqual(sources, [
      {
        id: 'shop',
        connector: 'source-files',
        title: 'Files',
        state: 'new',
        schedule: 'Monday to Friday at 06:00 (Europe/Paris)',
        paused: false,
        note: '',
        nextAt: null,
        running: null,
        last: null,
        freshAt: null,
        rows: 0,
        rowsDay: 0,
      },
    ])
    deepEqual(await get('/runs'), { runs: [], next: null })
    const missing = await operator.send({ method: 'GET', url: '/api/v1/runs/sync%2Fshop' })
    deepEqual(
      [missing.statusCode, missing.json<{ error: { name: string } }>().error.name],
      [503, 'TemporalUnreachable'],
    )
  })

  it('answer a file that was changed meanwhile with what it is now', async () => {
    const url = '/api/v1/workspace/files/tributary.yaml'
    const { etag } = await get<{ etag: string }>('/workspace/files/tributary.yaml')
    const write = (text: string) =>
      operator.send({ method: 'PUT', url, payload: { text }, headers: { 'if-match': `"${etag}"` } })
    equal((await write('workspace: quiet\ntime_zone: Europe/Paris\n')).statusCode, 200)
    const refused = await write('workspace: quiet\ntime_zone: UTC\n')
    equal(refused.statusCode, 409)
    const { error } = refused.json<{ error: { details: { current: { text: string } } } }>()
    equal(error.details.current.text, 'workspace: quiet\ntime_zone: Europe/Paris\n')
  })

  it('keep a faulty draft, and say what is wrong with it and where', async () => {
    const answer = await operator.send({
      method: 'PUT',
      url: '/api/v1/workspace/files/segments/odd.yaml',
      payload: { text: 'name: Odd\nwho: { trait: colour, eq: red }\n' },
    })
    const { state, problems } = answer.json<{ state: string; problems: { line: number; path: string }[] }>()
    equal(state, 'new')
    deepEqual(
      problems.map(({ line, path }) => [line, path]),
      [[2, 'who.trait']],
    )
    const missing = await operator.send({ method: 'GET', url: '/api/v1/workspace/files/segments/od.yaml' })
    deepEqual(
      [missing.statusCode, missing.json<{ error: { message: string } }>().error.message],
      [404, 'reading segments/od.yaml: the workspace has no such file; did you mean segments/odd.yaml?'],
    )
  })

  it('publish chosen drafts only where they are right, and take none that cannot be read for one that is gone', async () => {
    const publish = (files: readonly string[]) =>
      operator.send({ method: 'POST', url: '/api/v1/workspace/apply', payload: { files } })
    const problemsOf = (answer: Awaited<ReturnType<typeof publish>>) =>
      answer
        .json<{ error: { problems: { file: string; message: string }[] } }>()
        .error.problems.map(({ file, message }) => [file, message])
    const odd = await publish(['identity.yaml', 'segments/odd.yaml'])
    equal(odd.statusCode, 400)
    deepEqual(problemsOf(odd), [['segments/odd.yaml', 'nothing makes the trait colour']])
    await writeFile(join(server.operations.workspaceDir, 'traits.yaml'), '#'.repeat(300_000))
    const large = await publish(['traits.yaml'])
    deepEqual(problemsOf(large), [['traits.yaml', 'is larger than 262144 bytes']])
  })

  it('never leave the workspace', async () => {
    for (const path of [
      '..%2Fsecret.yaml',
      'sources/..%2f..%2fsecret.yaml',
      '.tributary/secrets.json',
      'package.json',
    ]) {
      const answer = await operator.send({
        method: 'PUT',
        url: `/api/v1/workspace/files/${path}`,
        payload: { text: 'a: 1\n' },
      })
      equal(answer.statusCode, 400, path)
      equal(answer.json<{ error: { name: string } }>().error.name, 'FileNameInvalid')
    }
  })
})
