import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { checkDestination, OK, objectsOf } from '@tributary/connector-sdk'
import destination from '../index.js'
import { graphError, throttled } from './graph.js'
import {
  ACCOUNT,
  APP_SECRET,
  AUDIENCE,
  person,
  prepared,
  row,
  sha256,
  TOKEN,
  thrown,
  useHarness,
} from './harness.js'

describe('the Meta Custom Audiences destination', () => {
  const harness = useHarness()
  const audience = () => harness.server().audiences.get(AUDIENCE)!
  const forms = (edge: string): URLSearchParams[] =>
    harness
      .server()
      .requests.filter(({ path }) => path.endsWith(`/${edge}`))
      .map(({ body }) => new URLSearchParams(body))

  describe('discovery', () => {
    it('finds customer lists on every page, by id, and what each can do', async () => {
      for (let n = 0; n < 230; n++) {
        const subtype = n % 10 === 0 ? 'LOOKALIKE' : 'CUSTOM'
        harness.server().addAudience(String(1000 + n), { name: `List ${n}`, subtype, isValueBased: n === 1 })
      }
      const objects = await objectsOf(destination, harness.open())
      assert.deepEqual(
        objects.map(({ name, title }) => [name, title]),
        [
          [AUDIENCE, 'Lapsed customers'],
          ...Array.from({ length: 230 }, (_, n) => [String(1000 + n), `List ${n}`]).filter(
            (_, n) => n % 10 !== 0,
          ),
        ],
      )
      assert.deepEqual(
        objects.slice(0, 2).map(({ operations, matchKeys }) => ({ operations, matchKeys })),
        [
          { operations: ['upsert', 'remove', 'replace'], matchKeys: objects[0]!.matchKeys },
          { operations: ['upsert', 'remove'], matchKeys: objects[0]!.matchKeys },
        ],
      )
      assert.equal(harness.server().requests.length, 3)
    })

    it('takes an ad account with act_ before its number', async () => {
      const objects = await objectsOf(destination, harness.open({ ad_account_id: `act_${ACCOUNT}` }))
      assert.equal(objects.length, 1)
    })
  })

  describe('hashing', () => {
    it('makes of values what Meta documents, and nothing of what it does not take', async () => {
      const object = await harness.object({ default_country: 'US' })
      const of = (field: string, value: string) => prepared(object, field, value)
      assert.deepEqual(
        [
          of('email', ' John_Smith@gmail.com'),
          of('phone', '(650)555-1212'),
          of('first_name', 'Mary'),
          of('last_name', 'Valéry'),
          of('country', 'United States'),
          of('birth_year', '1997-02-16'),
          of('birth_month', '1997-02-16'),
          of('birth_day', '1997-02-16'),
          of('gender', 'Female'),
          of('city', 'New York'),
          of('state', 'California'),
          of('postal_code', '94035-1234'),
          of('external_id', ' A-1 '),
          of('mobile_ad_id', 'B67385F8-9A82-4670-8C0A-6F9EA7513F5F'),
        ],
        [
          '62a14e44f765419d10fea99367361a727c12365e2520f32218d505ed9aa0f62f',
          'e323ec626319ca94ee8bff2e4c87cf613be6ea19919ed1364124e16807ab3176',
          '6915771be1c5aa0c886870b6951b03d7eafc121fea0e80a5ea83beb7c449f4ec',
          '08e1996b5dd49e62a4b4c010d44e4345592a863bb9f8e3976219bac29417149c',
          '79adb2a2fce5c6ba215fe5f27f532d4e7edbac4b6a5e09e1ef3a08084a904621',
          sha256('1997'),
          sha256('02'),
          sha256('16'),
          sha256('f'),
          sha256('newyork'),
          sha256('ca'),
          sha256('94035'),
          sha256('A-1'),
          'b67385f8-9a82-4670-8c0a-6f9ea7513f5f',
        ],
      )
      assert.deepEqual(
        [of('email', 'nobody'), of('phone', '12'), of('gender', 'x'), of('country', 'Atlantis')],
        [
          'email is no valid E-mail address',
          'phone is no valid Phone number',
          'gender is no valid Gender',
          'country is no valid Country',
        ],
      )
    })

    it('says of every field that it is personal', async () => {
      const { fields } = await harness.object()
      assert.deepEqual(
        Object.keys(fields).filter((name) => !fields[name]!.personal),
        [],
      )
    })
  })

  describe('adding and removing', () => {
    it('sends rows under the keys that any of them has, blank where one lacks it', async () => {
      const records = [
        person(0, { phone: sha256('16505551212'), first_name: sha256('mary') }),
        person(1, { phone: null, country: sha256('us') }),
      ]
      assert.deepEqual(await harness.write({ records }), [OK, OK])
      const [form] = forms('users')
      assert.deepEqual(JSON.parse(form!.get('payload')!), {
        schema: ['EMAIL', 'PHONE', 'FN', 'COUNTRY'],
        data: [
          [row(0).EMAIL, sha256('16505551212'), sha256('mary'), ''],
          [row(1).EMAIL, '', '', sha256('us')],
        ],
      })
      const { session_id: id, ...session } = JSON.parse(form!.get('session')!) as Record<string, unknown>
      assert.deepEqual(session, { batch_seq: 1, last_batch_flag: true, estimated_num_total: 2 })
      assert.ok(Number.isSafeInteger(id) && (id as number) > 0)
      assert.deepEqual(audience().members, [
        { ...row(0), PHONE: sha256('16505551212'), FN: sha256('mary') },
        { ...row(1), COUNTRY: sha256('us') },
      ])
    })

    it('removes by what people are matched by, also those who are not there', async () => {
      await harness.write({ records: [person(0), person(1)] })
      const records = [person(1), person(2)]
      assert.deepEqual(await harness.write({ operation: 'remove', records, index: 1 }), [OK, OK])
      assert.deepEqual(audience().members, [row(0)])
      assert.deepEqual(
        harness
          .server()
          .requests.filter(({ path }) => path.endsWith('/users'))
          .map(({ method }) => method),
        ['POST', 'DELETE'],
      )
    })

    it('takes a batch at its limit', async () => {
      const records = Array.from({ length: 10_000 }, (_, n) => person(n))
      const results = await harness.write({ records })
      assert.deepEqual([results.length, audience().members.length], [10_000, 10_000])
    })

    it('sends the same session and rows at every attempt, and another session for another batch', async () => {
      await harness.write({})
      await harness.write({})
      await harness.write({ index: 1 })
      const [first, second, third] = forms('users').map((form) => [form.get('session'), form.get('payload')])
      assert.deepEqual(first, second)
      assert.equal(first![1], third![1])
      assert.notEqual(first![0], third![0])
    })

    it('adds once what is sent again after a connection that broke', async () => {
      let requests = 0
      harness.server().inject(async ({ path }, answer) => {
        if (!path.endsWith('/users') || requests++ > 0) return undefined
        await answer()
        return { hangUp: true }
      })
      assert.deepEqual(await harness.write({ records: [person(0), person(1)] }), [OK, OK])
      assert.deepEqual([requests, audience().members], [2, [row(0), row(1)]])
    })

    it('marks members for limited data use where the config says so, and no removal', async () => {
      const config = { limited_data_use: true }
      await harness.write({ records: [person(0)] }, { config })
      await harness.write({ records: [person(0)], operation: 'remove' }, { config })
      assert.deepEqual(
        forms('users').map((form) => JSON.parse(form.get('payload')!) as unknown),
        [
          { schema: ['EMAIL', 'DATA_PROCESSING_OPTIONS'], data: [[row(0).EMAIL, ['LDU']]] },
          { schema: ['EMAIL'], data: [[row(0).EMAIL]] },
        ],
      )
    })

    it('rejects who is among the samples of invalid entries, and takes all others', async () => {
      const bad = { match: { mobile_ad_id: 'no id' }, fields: {} }
      const good = { match: { mobile_ad_id: 'b67385f8-9a82-4670-8c0a-6f9ea7513f5f' }, fields: {} }
      assert.deepEqual(await harness.write({ records: [bad, good] }), [
        { status: 'rejected', reason: 'Meta takes its identifiers to be invalid', code: 'invalid_entry' },
        OK,
      ])
    })

    for (const [title, samples] of [
      ['as a map', { '0': row(1).EMAIL }],
      ['as a map from entries', { [row(1).EMAIL!]: 'Invalid' }],
    ] as const) {
      it(`reads samples of invalid entries ${title}`, async () => {
        harness
          .server()
          .inject(({ path }) =>
            path.endsWith('/users')
              ? { body: { num_received: 2, num_invalid_entries: 1, invalid_entry_samples: samples } }
              : undefined,
          )
        const results = await harness.write({ records: [person(0), person(1)] })
        assert.deepEqual(
          results.map(({ status }) => status),
          ['ok', 'rejected'],
        )
      })
    }

    it('counts invalid entries that Meta does not name', async () => {
      harness
        .server()
        .inject(({ path }) =>
          path.endsWith('/users')
            ? { body: { num_received: 2, num_invalid_entries: 1, invalid_entry_samples: {} } }
            : undefined,
        )
      assert.deepEqual(await harness.write({ records: [person(0), person(1)] }), [OK, OK])
      assert.deepEqual(
        harness.logged.filter((line) => line.includes('warn')),
        [
          '{"level":"warn","message":"Meta takes some members to be invalid and does not say which","fields":{"about":1}}',
        ],
      )
    })

    it('takes no answer for a receipt that does not say how many arrived', async () => {
      harness.server().inject(({ path }) => (path.endsWith('/users') ? { body: { ok: true } } : undefined))
      assert.deepEqual(await thrown(harness.write({})), {
        kind: 'SourceUnavailable',
        code: undefined,
        message: `adding members to audience ${AUDIENCE}: Meta says that it received none of 1 members; it is tried again`,
        until: undefined,
        requestId: undefined,
      })
    })

    it('rejects removals that would leave too few members', async () => {
      harness
        .server()
        .inject(({ method }) =>
          method === 'DELETE' ? graphError({ status: 403, code: 200, subcode: 1870047 }) : undefined,
        )
      assert.deepEqual(await harness.write({ operation: 'remove', records: [person(0)] }), [
        { status: 'rejected', reason: 'Meta keeps it: too few members would be left', code: '200/1870047' },
      ])
    })
  })

  describe('credentials', () => {
    it('proves to know the app’s secret, and says neither secret in addresses of uploads', async () => {
      await harness.write({})
      const proof = createHmac('sha256', APP_SECRET).update(TOKEN).digest('hex')
      const upload = harness.server().requests.find(({ path }) => path.endsWith('/users'))!
      const form = new URLSearchParams(upload.body)
      assert.deepEqual([form.get('access_token'), form.get('appsecret_proof')], [TOKEN, proof])
      assert.equal(upload.query.size, 0)
    })

    it('says no secret in logs and errors', async () => {
      const faults = [
        graphError({ status: 401, code: 190 }),
        graphError({ code: 100 }),
        { status: 500, body: { error: { message: TOKEN } } },
        { status: 200, body: `<html>${TOKEN}` },
      ]
      const said: string[] = []
      for (const fault of faults) {
        const reset = harness.server()
        reset.inject(({ path }) => (path.endsWith('/users') ? fault : undefined))
        const error: unknown = await harness.write({}).catch((reason: unknown) => reason)
        said.push(JSON.stringify(error), String(error), (error as Error).stack ?? '')
        reset.reset()
      }
      const text = [...said, ...harness.logged].join('\n')
      assert.deepEqual([text.includes(TOKEN), text.includes(APP_SECRET)], [false, false])
    })
  })

  describe('errors', () => {
    const CASES = [
      [{ status: 401, code: 190, subcode: 463 }, 'AuthExpired', '190/463'],
      [{ code: 102 }, 'AuthExpired', '102'],
      [{ code: 10 }, 'PermissionDenied', '10'],
      [{ code: 200 }, 'PermissionDenied', '200'],
      [{ code: 270 }, 'PermissionDenied', '270'],
      [{ code: 294 }, 'PermissionDenied', '294'],
      [{ code: 200, subcode: 1870090 }, 'PermissionDenied', '200/1870090'],
      [{ code: 100, subcode: 33 }, 'PermissionDenied', '100/33'],
      [{ code: 100, subcode: 1713230 }, 'PermissionDenied', '100/1713230'],
      [{ code: 100 }, 'ConfigInvalid', '100'],
      [{ code: 2635 }, 'ConfigInvalid', '2635'],
      [{ code: 2650 }, 'ConfigInvalid', '2650'],
      [{ code: 1 }, 'SourceUnavailable', '1'],
      [{ code: 2, transient: true }, 'SourceUnavailable', '2'],
      [{ code: 5000, transient: true }, 'SourceUnavailable', '5000'],
      [{ code: -3, subcode: 7 }, 'SourceUnavailable', '-3/7'],
      [{ code: 424242 }, 'ConfigInvalid', '424242'],
    ] as const

    for (const [fault, kind, code] of CASES) {
      it(`calls ${code} ${kind}, with Meta's trace and no word of its message`, async () => {
        harness.server().inject(({ path }) => (path.endsWith('/users') ? graphError(fault) : undefined))
        const error = await thrown(harness.write({}))
        assert.deepEqual(
          { kind: error.kind, code: error.code, requestId: error.requestId },
          { kind, code, requestId: 'EJplcsCHuLu' },
        )
        assert.match(String(error.message), /^adding members to audience \d+: Meta answers [-\d/]+; ./)
        assert.doesNotMatch(String(error.message), /A sentence|A title|A message/)
      })
    }

    it('tries again at once what failed with 500', async () => {
      let failures = 0
      harness
        .server()
        .inject(({ path }) =>
          path.endsWith('/users') && failures++ === 0
            ? graphError({ status: 500, code: 2, transient: true })
            : undefined,
        )
      assert.deepEqual(await harness.write({}), [OK])
      assert.deepEqual([failures, audience().members], [2, [row(0)]])
    })
  })

  describe('limits', () => {
    const MINUTE = 60_000
    const limited = async (fault: ReturnType<typeof graphError>) => {
      let requests = 0
      harness.server().inject(({ path }) => {
        if (!path.endsWith('/users')) return undefined
        requests += 1
        return fault
      })
      const before = Date.now()
      const { kind, until } = await thrown(harness.write({}))
      const after = Date.now()
      return {
        kind,
        requests,
        waitsBetween: [(until as number) - after, (until as number) - before] as const,
      }
    }
    const CASES = [
      ['the minutes until calls are taken again', throttled(19), 19 * MINUTE],
      ['no word of when', graphError({ code: 613 }), 5 * MINUTE],
      ['no minute left', throttled(0), 5 * MINUTE],
      [
        'seconds of the ad account',
        graphError({
          code: 17,
          headers: { 'x-ad-account-usage': '{"acc_id_util_pct":100,"reset_time_duration":100}' },
        }),
        100_000,
      ],
      ['Retry-After', graphError({ status: 429, code: 4, headers: { 'retry-after': '30' } }), 30_000],
      [
        'a header that is no JSON',
        graphError({ code: 80004, headers: { 'x-business-use-case-usage': '{' } }),
        5 * MINUTE,
      ],
      ['more than a day', throttled(100_000), 24 * 60 * MINUTE],
      ['a block for policies', graphError({ code: 368 }), 60 * MINUTE],
    ] as const
    for (const [title, fault, waitMs] of CASES) {
      it(`waits for as long as the answer says: ${title}; and does not call meanwhile`, async () => {
        const { kind, requests, waitsBetween } = await limited(fault)
        assert.deepEqual([kind, requests], ['RateLimited', 1])
        const [least, most] = waitsBetween
        assert.ok(least <= waitMs && waitMs <= most, `${least} to ${most}, not ${waitMs}`)
      })
    }
  })

  describe('check', () => {
    it('says which ad account answered', async () => {
      assert.match((await checkDestination(destination, harness.open())) ?? '', /^Acme Shop \(act_\d+\)$/)
    })

    it('passes, and warns of terms that are not accepted', async () => {
      await destination.check(harness.open())
      const warnings = () => harness.logged.filter((line) => line.includes('"warn"')).length
      assert.equal(warnings(), 0)
      harness.server().termsAccepted = false
      await destination.check(harness.open())
      assert.equal(warnings(), 1)
      assert.deepEqual((await thrown(harness.write({}))).code, '200/1870034')
    })

    for (const [title, config, kind] of [
      ['another token', { access_token: 'another token' }, 'AuthExpired'],
      ['another app', { app_secret: 'another secret' }, 'ConfigInvalid'],
      ['another account', { ad_account_id: '1' }, 'PermissionDenied'],
      ['a version of the past', { api_version: 'v2.0' }, 'ConfigInvalid'],
    ] as const) {
      it(`refuses ${title}`, async () => {
        assert.equal((await thrown(destination.check(harness.open(config)))).kind, kind)
      })
    }
  })
})
