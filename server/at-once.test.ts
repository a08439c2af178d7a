import { deepEqual } from 'node:assert/strict'
import { defineRoute } from './route.js'
import { object, text } from './schema.js'
import { openTestApp, startTestServer, type TestServer, type TestSession } from './testing/test-server.js'

const waiting: (() => void)[] = []
const question = defineRoute({
  method: 'POST',
  path: '/api/v1/test/question',
  role: 'viewer',
  summary: 'Takes long',
  costly: true,
  response: object({ answer: text }),
  async handle() {
    await new Promise<void>((resolve) => waiting.push(resolve))
    return { answer: 'yes' }
  },
})

describe('questions that look through everything', function () {
  this.timeout(120_000)
  let server: TestServer
  let asked: TestServer

  before(async () => {
    server = await startTestServer()
    asked = await openTestApp(server.operations, { routes: [question] })
  })
  after(async () => {
    await asked?.close()
    await server?.close()
  })

  const ask = ({ cookie, csrf }: TestSession) =>
    asked.app.inject({
      method: 'POST',
      url: '/api/v1/test/question',
      cookies: { [server.services.cookieName]: cookie },
      headers: { 'x-csrf-token': csrf },
    })
  const underWay = async (count: number) => {
    while (waiting.length < count) await new Promise((resolve) => setImmediate(resolve))
  }

  it('are answered six at once for one member, whoever else asks', async () => {
    const [ann, bea] = [await server.signIn('viewer'), await server.signIn('viewer')]
    const first = Array.from({ length: 6 }, () => ask(ann))
    await underWay(6)
    const refused = await ask(ann)
    deepEqual(
      [refused.statusCode, refused.json().error],
      [
        429,
        {
          name: 'TooMany',
          message: 'asking: 6 of your questions are being answered already; wait for one of them',
        },
      ],
    )
    const others = ask(bea)
    await underWay(7)
    for (const answer of waiting.splice(0)) answer()
    const answers = await Promise.all([...first, others])
    deepEqual(
      answers.map(({ statusCode }) => statusCode),
      answers.map(() => 200),
    )
    const again = ask(ann)
    await underWay(1)
    for (const answer of waiting.splice(0)) answer()
    deepEqual((await again).statusCode, 200)
  })
})
