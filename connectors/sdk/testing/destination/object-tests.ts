/** Conformance: an object says truly what it takes, and its samples are what planning would make of them. */
import assert from 'node:assert/strict'
import type { FieldSchema } from '@tributary/schemas'
import type { DestinationField } from '../../destination.js'
import { prepareField } from '../../fields/prepare-field.js'
import { isExactType } from '../record-schema.js'
import type { DestinationDriver } from './driver.js'
import type { ObjectCase } from './options.js'

/** Values that people type, paste and import, to try normalisers with. */
const TYPED = [
  '',
  ' ',
  'a',
  'A.Person@Example.COM ',
  'zoë@exämple.com',
  '+33 6 12 34 56 78',
  '06 12 34 56 78',
  '(415) 555-2671 x12',
  'ZOË',
  'Z\u006fe\u0308',
  'Müller-Lüdenscheidt',
  'İstanbul',
  'ǅ ß ﬁ',
  'x'.repeat(10_000),
  '😀',
  'null',
  '0',
  '-1',
  '2026-01-31',
  '31/01/2026',
  'FR',
  'France',
  'f',
  'Female',
  '75001',
  'SW1A 1AA',
  'a b\tc\n',
  '\u00a0\u200bnbsp',
  '<b>bold</b>',
  '\ud800',
] as const

export function registerObjectTests<Config>(driver: DestinationDriver<Config>, object: ObjectCase): void {
  const definition = () => driver.object(object)
  const eachSample = (test: (n: number) => void): void => {
    for (let n = 0; n < 5; n++) test(n)
  }

  it('has the operations that its case names, and jobs only where that says so', () => {
    const { operations, poll } = definition()
    assert.deepEqual([...operations].sort(), [...object.operations].sort())
    assert.equal(poll !== undefined, object.jobs ?? false, 'poll')
  })
  it('gives every field a type that is known, and limits that can be kept', () => {
    const problems = Object.entries(definition().fields).flatMap(([name, field]) =>
      fieldProblems(name, field),
    )
    assert.deepEqual(problems, [])
  })
  it('normalises a value the same way for ever, and a normalised one not again', () => {
    for (const [name, field] of Object.entries(definition().fields)) {
      if (!field.normalize) continue
      for (const text of TYPED) {
        const once = field.normalize(text)
        assert.equal(field.normalize(text), once, `${name} is normalised in two ways`)
        if (once === undefined) continue
        assert.notEqual(once, '', `${name} is normalised to nothing: answer undefined`)
        assert.equal(field.normalize(once), once, `${name} is normalised anew when it was already`)
      }
    }
  })
  it('takes the samples as planning makes them', () => {
    const { fields, matchKeys, openFields } = definition()
    eachSample((n) => {
      const { match, fields: values } = object.sample(n)
      assert.deepEqual(object.sample(n), object.sample(n), 'the sample is another one every time')
      const key = Object.keys(match).sort().join()
      const known = matchKeys?.some((names) => [...names].sort().join() === key)
      assert.ok(known ?? openFields, `there is no match key ${key}`)
      for (const [name, value] of Object.entries({ ...match, ...values })) {
        const field = Object.hasOwn(fields, name) ? fields[name] : undefined
        if (!field) assert.ok(openFields, `there is no field ${name}`)
        else assert.deepEqual(prepareField(field, name, value), { value }, `${name} of sample ${n}`)
      }
      const missing = Object.entries(fields).filter(
        ([name, { required }]) => required && (match[name] ?? values[name] ?? null) === null,
      )
      assert.deepEqual(
        missing.map(([name]) => name),
        [],
        'required and not in the sample',
      )
    })
  })
  it('has samples with a match of their own each', () => {
    const count = Math.min(definition().batch.records, 100_000)
    const matches = new Set(
      Array.from({ length: count }, (_, n) => JSON.stringify(Object.entries(object.sample(n).match).sort())),
    )
    assert.equal(matches.size, count)
  })
}

function fieldProblems(name: string, field: DestinationField): string[] {
  const { oneOf, maxLength, hash, normalize } = field
  return [
    ...typeProblems(name, field),
    ...(oneOf && (oneOf.length === 0 || new Set(oneOf).size < oneOf.length)
      ? [`${name} accepts nothing, or the same twice`]
      : []),
    ...(maxLength !== undefined && !(Number.isSafeInteger(maxLength) && maxLength > 0)
      ? [`${name} may have no length`]
      : []),
    ...(hash && !normalize && [field.type].flat().includes('string') && !field.oneOf
      ? [`${name} is hashed as it is typed: normalise it, or its hash matches nobody`]
      : []),
  ]
}

function typeProblems(name: string, field: FieldSchema): string[] {
  const exact = field['x-type']
  if (exact !== undefined) return isExactType(exact) ? [] : [`${name} has the unknown x-type ${exact}`]
  return field.type === undefined ? [`${name} has no type`] : []
}
