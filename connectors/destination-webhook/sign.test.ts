import assert from 'node:assert/strict'
import { signature, signing } from './sign.js'

describe('signature', () => {
  /** https://github.com/standard-webhooks/standard-webhooks/blob/main/libraries/javascript/src/webhook.test.ts */
  const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'
  const id = 'msg_p5jXN8AQM9LWM0D4loKWxJek'
  const body = Buffer.from('{"test": 2432232314}')
  const expected = 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE='

  it('is that of the specification’s own example', () => {
    assert.equal(signature([secret], id, 1614265330, body), expected)
  })

  it('lists one signature for each secret', () => {
    const other = `whsec_${Buffer.alloc(24).toString('base64')}`
    const [first, second, ...none] = signature([secret, other], id, 1614265330, body).split(' ')
    assert.deepEqual([first, second?.slice(0, 3), none], [expected, 'v1,', []])
  })

  it('is made anew for every try of a request', async () => {
    let now = 1614265330_000
    const auth = signing([secret], () => now)
    const request = { headers: { 'webhook-id': id, 'x-other': 'kept' }, data: body }
    const headers = async () => (await auth.apply(request)).headers as Record<string, string>
    const first = await headers()
    now += 60_000
    const second = await headers()
    assert.deepEqual(
      [first, second['webhook-timestamp'], second['webhook-signature'] === expected],
      [
        { ...request.headers, 'webhook-timestamp': '1614265330', 'webhook-signature': expected },
        '1614265390',
        false,
      ],
    )
  })
})
