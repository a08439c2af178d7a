import assert from 'node:assert/strict'
import type { lookup } from 'node:dns'
import { ADDRESS_REFUSED, createAddressGuard } from './address-guard.js'

const refused = { kind: 'ConfigInvalid' }

/** A resolver that knows one answer. */
const resolver = (...addresses: string[]) =>
  ((_host: string, _options: unknown, callback: (error: null, found: unknown) => void) =>
    callback(
      null,
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    )) as unknown as typeof lookup

const resolve = (guard: ReturnType<typeof createAddressGuard>, all = false) =>
  new Promise((done) =>
    guard.lookup('name.example', { all } as never, (error, address) => done(error ? error.code : address)),
  )

describe('createAddressGuard', () => {
  const inside = [
    'http://127.0.0.1/',
    'http://2130706433/',
    'http://0x7f000001/',
    'http://0177.0.0.1/',
    'http://127.1/',
    'http://10.1.2.3/',
    'http://172.16.0.1/',
    'http://192.168.0.1/',
    'http://169.254.169.254/',
    'http://100.64.0.1/',
    'http://0.0.0.0/',
    'http://[::1]/',
    'http://[::]/',
    'http://[::ffff:127.0.0.1]/',
    'http://[::ffff:7f00:1]/',
    'http://[::127.0.0.1]/',
    'http://[64:ff9b::7f00:1]/',
    'http://[2002:7f00:1::]/',
    'http://[fe80::1]/',
    'http://[fd00::1]/',
    'http://224.0.0.1/',
    'http://255.255.255.255/',
  ]
  for (const url of inside) {
    it(`refuses ${url}`, () => assert.throws(() => createAddressGuard(false).checkUrl(new URL(url)), refused))
  }
  for (const url of ['http://93.184.216.34/', 'http://[2606:2800:220:1::1]/', 'http://name.example/']) {
    it(`lets ${url} through`, () => createAddressGuard(false).checkUrl(new URL(url)))
  }

  const allowed: [readonly string[] | true, string, boolean][] = [
    [true, 'http://127.0.0.1/', true],
    [['127.0.0.1'], 'http://127.0.0.1/', true],
    [['127.0.0.1'], 'http://127.0.0.2/', false],
    [['10.0.0.0/8'], 'http://10.200.1.1/', true],
    [['10.0.0.0/8'], 'http://[::ffff:10.0.0.1]/', true],
    [['10.0.0.0/8'], 'http://11.0.0.1/', true],
    [['10.0.0.0/8'], 'http://192.168.0.1/', false],
    [['fd00::/8'], 'http://[fd12::1]/', true],
    [['::1'], 'http://[::1]/', true],
  ]
  for (const [list, url, ok] of allowed) {
    it(`${ok ? 'lets' : 'refuses'} ${url} when ${list === true ? 'all' : list.join()} may be reached`, () => {
      const check = () => createAddressGuard(list).checkUrl(new URL(url))
      if (ok) check()
      else assert.throws(check, refused)
    })
  }

  it('refuses a name that resolves to an address inside, also when only one of several does', async () => {
    assert.equal(await resolve(createAddressGuard(false, resolver('10.0.0.1'))), ADDRESS_REFUSED)
    assert.equal(
      await resolve(createAddressGuard(false, resolver('93.184.216.34', '10.0.0.1'))),
      ADDRESS_REFUSED,
    )
    assert.equal(await resolve(createAddressGuard(false, resolver('::ffff:10.0.0.1'))), ADDRESS_REFUSED)
  })
  it('resolves a public name in both of the shapes that sockets ask for', async () => {
    const guard = createAddressGuard(false, resolver('93.184.216.34'))
    assert.equal(await resolve(guard), '93.184.216.34')
    assert.deepEqual(await resolve(guard, true), [{ address: '93.184.216.34', family: 4 }])
  })
  it('lets a listed host name through wherever it resolves to', async () => {
    assert.equal(await resolve(createAddressGuard(['NAME.example'], resolver('10.0.0.1'))), '10.0.0.1')
  })
  it('refuses a name whose address changed since it was looked at', async () => {
    const answers = ['93.184.216.34', '127.0.0.1']
    const rebinding = ((host: string, options: unknown, callback: never) =>
      resolver(answers.shift()!)(host, options as never, callback)) as unknown as typeof lookup
    const guard = createAddressGuard(false, rebinding)
    assert.deepEqual([await resolve(guard), await resolve(guard)], ['93.184.216.34', ADDRESS_REFUSED])
  })
})
