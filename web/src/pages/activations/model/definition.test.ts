import assert from 'node:assert/strict'
import { beyondForm } from './beyond.js'
import { type Definition, setGuards, setHoldout, setLimit, setValue } from './definition.js'
import { choiceOf, freshTrigger, kindOfTrigger, triggerOf, triggerWords } from './trigger.js'
import { fieldNameFor, freshValue, namedValues, suggestValue } from './values.js'

const winback: Definition = {
  segment: 'lapsed',
  destination: 'crm',
  object: 'contact',
  mode: 'mirror',
  match: { email: 'identifiers.email' },
  fields: { city: 'traits.city', plan: { split: { a: 0.5, b: 0.5 }, seed: 'winter' } },
}

describe('an activation that is edited', () => {
  it('keeps the places of its fields when one is renamed, and loses the part with the last one', () => {
    const renamed = setValue(winback, 'fields', 'town', 'traits.city', 'city')
    assert.deepEqual(Object.keys(renamed.fields ?? {}), ['town', 'plan'])
    const emptied = ['city', 'plan'].reduce(
      (definition, name) => setValue(definition, 'fields', name, undefined),
      winback,
    )
    const { fields: _fields, ...rest } = winback
    assert.deepEqual(emptied, rest)
  })

  it('has no guard and no holdout where no number is said', () => {
    const limited = setLimit(winback, 'max_removes', { count: 500, share: 0.1 })
    assert.deepEqual(limited.guards, { max_removes: { count: 500, share: 0.1 } })
    assert.deepEqual(setLimit(limited, 'max_removes', {}), winback)
    assert.deepEqual(setGuards(limited, { on_breach: 'stop' }).guards, {
      max_removes: { count: 500, share: 0.1 },
      on_breach: 'stop',
    })
    const held = { ...winback, holdout: { share: 0.1, seed: 'winter' } }
    assert.deepEqual(setHoldout(held, 0.2).holdout, { share: 0.2, seed: 'winter' })
    assert.deepEqual(setHoldout(held, undefined), winback)
  })

  it('keeps what of a schedule no form shows', () => {
    const trigger = { schedule: { every: '1h', jitter: '3m' } }
    assert.deepEqual(triggerOf({ ...choiceOf(trigger), count: 2 } as never, trigger), {
      schedule: { every: '2h', jitter: '3m' },
    })
    assert.deepEqual(
      [undefined, 'manual', 'after_refresh', trigger, freshTrigger('schedule')].map((each) => [
        kindOfTrigger(each as never),
        triggerWords(each as never),
      ]),
      [
        ['manual', 'when somebody asks'],
        ['manual', 'when somebody asks'],
        ['after_refresh', 'after each refresh'],
        ['schedule', 'every hour'],
        ['schedule', 'every day at 06:00'],
      ],
    )
  })

  it('tells what the form does not show', () => {
    assert.deepEqual(beyondForm({ ...winback, fields: { city: 'traits.city' } }), undefined)
    assert.deepEqual(
      beyondForm({
        ...winback,
        holdout: { share: 0.1, seed: 'x' },
        guards: { approval_expires: '90m' },
        trigger: { schedule: { cron: '0 6 * * *', time_zone: 'UTC' } },
      }),
      {
        fields: { plan: { seed: 'winter' } },
        holdout: { seed: 'x' },
        guards: { approval_expires: '90m' },
        trigger: { schedule: { time_zone: 'UTC' } },
      },
    )
  })
})

describe('values', () => {
  const known = {
    identifiers: ['customer_id', 'email', 'phone'],
    traits: [
      { trait: 'first_name', people: { text: 3 } },
      { trait: 'joined', people: { time: 3 } },
      { trait: 'orders', people: { number: 3 } },
      { trait: 'tags', people: { list: 3 } },
      { trait: 'new', people: {} },
    ],
  }

  const cases: readonly (readonly [name: string, type: string, value: string | undefined])[] = [
    ['Email', 'string', 'identifiers.email'],
    ['phone_number', 'string', 'identifiers.phone'],
    ['external_id', 'string', 'identifiers.customer_id'],
    ['FirstName', 'string', 'traits.first_name'],
    ['orders', 'integer', 'traits.orders'],
    ['orders', 'string', 'traits.orders'],
    ['joined', 'string (date-time)', 'traits.joined'],
    ['joined', 'boolean', undefined],
    ['first_name', 'number', undefined],
    ['tags', 'string', undefined],
    ['tags', 'array', 'traits.tags'],
    ['new', 'decimal(18,2)', 'traits.new'],
    ['city', 'string', undefined],
  ]
  for (const [name, type, value] of cases) {
    it(`for a field ${name} of type ${type}: ${value ?? 'none is proposed'}`, () =>
      assert.equal(suggestValue({ name, type }, known), value))
  }

  it('are listed in words, and get names that are free', () => {
    assert.deepEqual(namedValues({ identifiers: ['email'], traits: [] }), [
      {
        group: 'Who somebody is',
        items: [
          { value: 'identifiers.email', label: 'Email' },
          { value: 'profile.id', label: 'Profile number' },
        ],
      },
      {
        group: 'The segment',
        items: [
          { value: 'segment.name', label: 'Name of the segment' },
          { value: 'segment.id', label: 'Id of the segment' },
        ],
      },
    ])
    assert.deepEqual(
      ['traits.city', 'identifiers.email', 'segment.name', 'profile.id'].map((value) =>
        fieldNameFor(value, ['city', 'city_2']),
      ),
      ['city_3', 'email', 'segment_name', 'profile_id'],
    )
    assert.deepEqual(freshValue('template', 'traits.city'), { template: '{{ traits.city }}' })
  })
})
