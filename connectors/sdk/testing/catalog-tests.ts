/** Conformance: `check` tells right from wrong, and the catalogue is usable. */
import assert from 'node:assert/strict'
import type { FieldSchema } from '@tributary/schemas'
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { validateConfig } from '../config/validate.js'
import { discover } from '../discover.js'
import { isConnectorError } from '../errors.js'
import { type Driver, describeThrown } from './driver.js'
import { isExactType } from './record-schema.js'

const DURATION = /^P(?=.)(\d+D)?(T(?=.)(\d+H)?(\d+M)?(\d+(\.\d+)?S)?)?$/

export function registerCheckTests<Config>(driver: Driver<Config>): void {
  const { source, options } = driver
  describe('check', () => {
    it('passes with the config, without writing to the source', async () => {
      await source.check(driver.open())
      if (!options.server) return
      const writes = driver
        .server()
        .requests.filter(({ method }) => method === 'DELETE' || method === 'PATCH')
      assert.deepEqual(writes, [])
    })
    const { badConfig } = options
    if (badConfig) {
      it('refuses a bad config fast, and says what to do', async () => {
        const config = validateConfig<Config>(
          source.spec,
          await badConfig(options.server ? driver.server() : (undefined as never)),
        )
        const started = performance.now()
        const error = await source.check(driver.open({}, config)).then(
          () => assert.fail('the check passed'),
          (thrown: unknown) => thrown,
        )
        driver.said.push(describeThrown(error))
        assert.ok(isConnectorError(error), `not a ConnectorError: ${describeThrown(error)}`)
        assert.match(
          error.kind,
          /^(ConfigInvalid|AuthExpired|PermissionDenied|NetworkError|SourceUnavailable)$/,
        )
        assert.match(error.message, /[:;]/, 'the message has no remedy')
        const tookMs = performance.now() - started
        assert.ok(tookMs < (options.checkWithinMs ?? 10_000), `it took ${Math.round(tookMs)} ms`)
      })
    }
  })
}

export function registerCatalogTests<Config>(driver: Driver<Config>): void {
  describe('catalog', () => {
    it('is the same each time it is discovered', async () => {
      const list = async () =>
        (await discover(driver.source, driver.open())).map(({ read: _, estimate: __, ...rest }) => rest)
      assert.deepEqual(await list(), await list())
    })
    it('has all of the streams under test', () => {
      assert.deepEqual(
        driver
          .streams()
          .map(({ name }) => name)
          .sort(),
        [...(driver.options.streams ?? driver.streams().map(({ name }) => name))].sort(),
      )
    })
    it('has valid schemas in which every field has a type', () =>
      driver.each(async ({ schema }) => {
        const ajv = new Ajv2020({ strict: false })
        addFormats.default(ajv)
        ajv.compile(schema)
        assert.ok(Object.keys(schema.properties).length > 0, 'the schema has no field')
        assert.deepEqual(
          Object.entries(schema.properties).flatMap(([name, field]) => fieldProblems(name, field)),
          [],
        )
      }))
    it('has keys and cursors that are scalar fields of the schema', () =>
      driver.each(async ({ schema, primaryKey, cursor }) => {
        const scalars = [
          ...(primaryKey ?? []),
          ...(cursor?.field === undefined ? [] : [cursor.field]),
          ...(cursor?.candidates ?? []),
        ]
        for (const name of scalars) {
          const field = schema.properties[name]
          assert.ok(field, `${name} is not in the schema`)
          const types = [field.type ?? []].flat()
          assert.ok(
            field['x-type'] !== 'json' && !types.includes('object') && !types.includes('array'),
            `${name} is not scalar`,
          )
        }
        assert.equal(new Set(primaryKey).size, primaryKey?.length ?? 0, 'the key names a field twice')
        if (primaryKey) assert.ok(primaryKey.length > 0, 'the key is empty; leave it out')
        if (cursor?.candidates)
          assert.ok(cursor.candidates.length > 0, 'the cursor has no candidates; leave the list out')
      }))
    it('has durations that are ISO 8601', () =>
      driver.each(async ({ cursor }) => {
        for (const duration of [cursor?.granularity, cursor?.lookback]) {
          if (duration !== undefined) assert.match(duration, DURATION)
        }
      }))
    it('estimates without reading, where it estimates', () =>
      driver.each(async (stream) => {
        const estimate = await stream.estimate?.(
          driver.open({ fields: Object.keys(stream.schema.properties) }),
        )
        for (const value of [estimate?.rows ?? 0, estimate?.bytes ?? 0]) {
          assert.ok(Number.isFinite(value) && value >= 0, 'an estimate is no positive number')
        }
      }))
  })
}

function fieldProblems(path: string, field: FieldSchema): string[] {
  const exact = field['x-type']
  return [
    ...(path.trim() === '' ? ['a field has no name'] : []),
    ...(exact !== undefined && !isExactType(exact) ? [`${path} has the unknown x-type ${exact}`] : []),
    ...(exact === undefined && field.type === undefined ? [`${path} has no type`] : []),
    ...Object.entries(field.properties ?? {}).flatMap(([name, inner]) =>
      fieldProblems(`${path}.${name}`, inner),
    ),
  ]
}
