/** Conformance: the spec is valid, documented, and marks its secrets. */
import assert from 'node:assert/strict'
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { alternativesOf, asSchema, conjunctsOf, propertiesOf } from '../config/schema-walk.js'
import { validateConfig } from '../config/validate.js'
import type { JsonSchema } from '../json.js'
import { configSecrets, describeThrown } from './driver.js'

/** Names that hold secrets nearly always; what follows them (`token_url`) makes something else of them. */
const SECRET_NAME =
  /(password|passwd|secret|token|api_?key|private_?key|access_?key|credential|passphrase)s?$/i
const NOT_SECRET = /(public|_id$|^page_token$|^next_token$)/i

interface Property {
  readonly path: string
  readonly name: string
  readonly schema: JsonSchema
}

/** What has a spec: a source or a destination under test. */
export interface SpecSubject {
  readonly spec: JsonSchema
  /** The config that works, validated. */
  config(): unknown
  readonly earlierConfigs?: readonly unknown[] | undefined
  /** Takes what was said, to look for secrets in it. */
  readonly said: string[]
}

export function registerSpecTests(subject: SpecSubject): void {
  const { spec } = subject
  const properties = allProperties(spec, '')
  const every = (problem: (property: Property) => string | undefined): void => {
    const problems = properties.flatMap((property) => {
      const found = problem(property)
      return found === undefined ? [] : [`${property.path} ${found}`]
    })
    assert.deepEqual(problems, [])
  }
  const ajv = (): Ajv2020 => {
    const instance = new Ajv2020({ strict: false })
    addFormats.default(instance)
    return instance
  }

  describe('spec', () => {
    it('is a valid JSON Schema of an object, and plain JSON', () => {
      assert.equal(spec.type, 'object')
      assert.ok(asSchema(spec.properties), 'it has no properties')
      assert.deepEqual(JSON.parse(JSON.stringify(spec)), spec)
      ajv().compile(spec)
    })
    it('gives every property a type, a title and one line of description', () => {
      every(({ schema }) => {
        if (!['type', 'const', 'enum', 'oneOf', 'anyOf', '$ref'].some((keyword) => keyword in schema))
          return 'has no type'
        if ('const' in schema) return undefined
        if (!isLine(schema.title)) return 'has no title'
        return isLine(schema.description) ? undefined : 'has no description of one line'
      })
    })
    it('names properties in snake_case, without repeating a place in the order', () => {
      every(({ name }) => (/^[a-z][a-z0-9_]*$/.test(name) ? undefined : 'is not snake_case'))
      for (const level of levels(spec)) {
        const orders = propertiesOf(level).flatMap(([, schema]) =>
          schema['x-order'] === undefined ? [] : [schema['x-order']],
        )
        assert.equal(new Set(orders).size, orders.length, 'x-order repeats a number')
      }
    })
    it('requires only what it describes', () => {
      for (const level of levels(spec)) {
        const known = new Set(
          conjunctsOf(level)
            .flatMap(propertiesOf)
            .map(([name]) => name),
        )
        const required = Array.isArray(level.required) ? (level.required as string[]) : []
        assert.deepEqual(
          required.filter((name) => !known.has(name)),
          [],
          'required but not described',
        )
      }
    })
    it('has examples, defaults and enums that match their own schema', () => {
      every(({ schema }) => {
        const samples = [
          ...(Array.isArray(schema.examples) ? (schema.examples as unknown[]) : []),
          ...('default' in schema ? [schema.default] : []),
        ]
        if (samples.length > 0) {
          const validate = ajv().compile(schema)
          if (!samples.every((sample) => validate(sample)))
            return 'has an example or default that is not valid'
        }
        const choices = Array.isArray(schema.enum) ? schema.enum : undefined
        if (choices?.length === 0 || (choices && new Set(choices).size < choices.length))
          return 'repeats an enum value'
        return undefined
      })
    })
    it('has patterns that compile and formats that are known', () => {
      every(({ schema }) => {
        if (typeof schema.pattern === 'string') new RegExp(schema.pattern, 'u')
        if (typeof schema.format !== 'string') return undefined
        return ajv().formats[schema.format] || schema.format === 'textarea'
          ? undefined
          : `has the unknown format ${schema.format}`
      })
    })
    it('tells alternatives apart by a title and one constant each', () => {
      for (const level of [spec, ...properties.map(({ schema }) => schema)]) {
        const alternatives = alternativesOf(level).filter((schema) => schema.properties)
        if (alternatives.length < 2) continue
        const constants = alternatives.map((alternative) => {
          assert.ok(isLine(alternative.title), 'an alternative has no title')
          return propertiesOf(alternative).filter(([, schema]) => 'const' in schema)
        })
        const [first] = constants
        const shared = first?.find(([name]) =>
          constants.every((list) => list.some(([other]) => other === name)),
        )
        assert.ok(shared, 'alternatives share no constant property')
        const values = constants.map((list) => list.find(([name]) => name === shared[0])?.[1].const)
        assert.equal(new Set(values).size, values.length, `${shared[0]} is the same in two alternatives`)
      }
    })
    it('marks secrets, and gives them no default', () => {
      every(({ name, schema }) => {
        const secret = schema.writeOnly === true
        const text = schema.type === undefined || [schema.type].flat().includes('string')
        if (
          !secret &&
          text &&
          !('const' in schema) &&
          !schema.enum &&
          SECRET_NAME.test(name) &&
          !NOT_SECRET.test(name)
        ) {
          return 'looks like a secret and is not writeOnly'
        }
        return secret && ('default' in schema || 'examples' in schema)
          ? 'is secret and has a default or an example'
          : undefined
      })
    })
    it('keeps no address among several secrets: whoever may change one decides where the others go', () => {
      const secrets = properties.filter(({ schema }) => schema.writeOnly === true)
      if (secrets.length < 2) return
      const addresses = secrets.filter(
        ({ name, schema }) => schema.format === 'uri' || ADDRESS_NAME.test(name),
      )
      assert.deepEqual(
        addresses.map(({ path }) => path),
        [],
      )
    })
    it('accepts the config, and those of earlier versions', () => {
      validateConfig(spec, subject.config())
      for (const earlier of subject.earlierConfigs ?? []) validateConfig(spec, earlier)
    })
    it('refuses unknown and missing keys by name, without a secret in the message', () => {
      const config = subject.config() as Record<string, unknown>
      const refused = (broken: unknown, text: string): void => {
        assert.throws(
          () => validateConfig(spec, broken),
          (error: Error & { kind?: string }) => {
            subject.said.push(describeThrown(error))
            assert.equal(error.kind, 'ConfigInvalid')
            assert.ok(error.message.includes(text), `${text} is not in: ${error.message}`)
            return true
          },
        )
      }
      refused(
        { ...config, no_such_key_at_all: configSecrets(spec, config) },
        'config.no_such_key_at_all: unknown key',
      )
      for (const name of Array.isArray(spec.required) ? (spec.required as string[]) : []) {
        const { [name]: _, ...rest } = config
        if (asSchema(asSchema(spec.properties)?.[name])?.default === undefined)
          refused(rest, `config.${name}`)
      }
    })
  })
}

const ADDRESS_NAME = /(^|_)(url|uri|host|endpoint|address)$/

function isLine(value: unknown): value is string {
  return typeof value === 'string' && value.trim() !== '' && !value.includes('\n')
}

/** The schemas that have properties of their own: the root, nested objects, alternatives, list items. */
function levels(schema: JsonSchema): JsonSchema[] {
  const below = [
    ...propertiesOf(schema).map(([, property]) => property),
    ...alternativesOf(schema),
    ...conjunctsOf(schema).slice(1),
    ...(asSchema(schema.items) ? [asSchema(schema.items)!] : []),
  ]
  return [...(schema.properties ? [schema] : []), ...below.flatMap(levels)]
}

function allProperties(schema: JsonSchema, path: string): Property[] {
  const items = asSchema(schema.items)
  return [
    ...propertiesOf(schema).flatMap(([name, property]) => {
      const own = path === '' ? name : `${path}.${name}`
      return [{ path: own, name, schema: property }, ...allProperties(property, own)]
    }),
    ...[...alternativesOf(schema), ...conjunctsOf(schema).slice(1)].flatMap((part) =>
      allProperties(part, path),
    ),
    ...(items ? allProperties(items, `${path}[]`) : []),
  ]
}
