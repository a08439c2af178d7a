import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { findErrors } from './errors.js'
import { groupsOf } from './groups.js'
import { checkedSchema, orderOf, uiSchemaOf } from './prepare.js'
import { referredName, secretName, secretReference } from './secret-names.js'
import type { JsonSchema } from './types.js'
import { validator } from './validator.js'

const specOf = async (connector: string): Promise<JsonSchema> =>
  JSON.parse(await readFile(`connectors/${connector}/spec.json`, 'utf8'))

/** Field and words of every mistake. */
const mistakes = (schema: JsonSchema, data: unknown) =>
  findErrors(checkedSchema(schema), data).map(({ property, message }) => `${property}: ${message}`)

describe('a form made from a spec', () => {
  let postgres: JsonSchema
  let files: JsonSchema
  let webhook: JsonSchema
  before(async () => {
    ;[postgres, files, webhook] = (await Promise.all(
      ['source-postgres', 'source-files', 'destination-webhook'].map(specOf),
    )) as [JsonSchema, JsonSchema, JsonSchema]
  })

  it('says what is missing and what has not the right form, field by field', () => {
    assert.deepEqual(
      mistakes(postgres, { host: '', database: 'shop', port: 70_000, ssl: { mode: 'maybe' }, x: 1 }),
      [
        '.user: Fill this in.',
        '.host: Fill this in.',
        '.port: 65535 or less.',
        '.ssl.mode: One of disable, prefer, require, verify-ca, verify-full.',
        '.x: This is not known here; take it out.',
      ],
    )
  })

  it('asks nothing of the letters of a secret, whose name alone is in the data', () => {
    const reference = secretReference('HOOK_SECRET')
    const config = { url: 'https://example.com/hook', secret: reference, headers: { 'x-key': reference } }
    assert.deepEqual(mistakes(webhook, config), [])
  })

  it('tells of a choice only what the chosen option lacks', () => {
    assert.deepEqual(
      [
        mistakes(files, { location: { s3: {} } }),
        mistakes(files, { location: { url: 'ftp://x' } }),
        mistakes(files, { location: {} }),
        mistakes(files, {}),
      ],
      [
        ['.location.s3.bucket: Fill this in.'],
        ['.location.url: It should look like https://example.com/exports/orders.csv.gz'],
        ['.location: Choose one, and fill in what it needs.'],
        ['.location: Fill this in.'],
      ],
    )
  })

  it('keeps defaults out of the data, and shows them', () => {
    const port = checkedSchema(postgres).properties?.port
    assert.equal(typeof port === 'object' && 'default' in port, false)
    assert.deepEqual(uiSchemaOf(postgres).port, {
      'ui:options': { standard: 5432 },
      'ui:placeholder': '5432 if left empty',
    })
  })

  it('chooses fields by what the schema says of a value', () => {
    const ui = uiSchemaOf(postgres)
    assert.deepEqual(
      [
        ui.password?.['ui:widget'],
        ui.schemas?.['ui:widget'],
        ui.ssl?.ca?.['ui:widget'],
        ui.ssl?.key?.['ui:widget'],
      ],
      ['secret', 'tags', 'textarea', 'secret'],
    )
    assert.equal(uiSchemaOf(webhook).headers?.additionalProperties?.['ui:widget'], 'secret')
  })

  it('orders fields as the spec asks, those without a place last', () => {
    assert.deepEqual(
      orderOf({ c: {}, b: { 'x-order': 2 }, a: { 'x-order': 1 } } as JsonSchema['properties'] & object),
      ['a', 'b', 'c'],
    )
  })

  it('groups fields, seldom used ones folded and last, unless one must be filled in or is wrong', () => {
    const schema = {
      required: ['a'],
      properties: { t: { 'x-group': 'tuning' }, a: {}, s: { 'x-group': 'security' } },
    } as JsonSchema
    const fields = ['t', 'a', 's'].map((name) => ({ name }))
    const shown = (mistaken: readonly string[]) =>
      groupsOf(schema, fields, mistaken).map(({ title, folded }) => `${title}${folded ? ' (folded)' : ''}`)
    assert.deepEqual(
      [shown([]), shown(['t'])],
      [
        ['', 'Tuning (folded)', 'Security (folded)'],
        ['', 'Tuning', 'Security (folded)'],
      ],
    )
  })

  it('tells whether data fits a part of the schema, also where nothing is filled in', () => {
    assert.deepEqual(
      [undefined, {}, { folder: './data' }, { folder: undefined }].map((data) =>
        validator.isValid({ type: 'object', required: ['folder'] }, data, files),
      ),
      [false, false, true, false],
    )
  })

  it('reads every connector that is shipped', async () => {
    const names = [
      'destination-files',
      'destination-hubspot',
      'destination-klaviyo',
      'destination-meta-audiences',
      'destination-postgres',
    ]
    for (const schema of [postgres, files, webhook, ...(await Promise.all(names.map(specOf)))]) {
      assert.equal(typeof uiSchemaOf(schema), 'object')
      assert.deepEqual(
        findErrors(checkedSchema(schema), {}).filter(({ name }) => name !== 'required'),
        [],
      )
    }
  })
})

describe('the name of a secret', () => {
  it('comes from the prefix and the field, and is one that the server takes', () => {
    assert.deepEqual(
      [
        secretName('shop', 'root_password'),
        secretName('my-shop', 'root_ssl_key'),
        secretName('shop', 'root_headers_X-Api.Key'),
        secretName('9lives', 'root_key'),
        secretName('tributary', 'root_key'),
      ],
      ['SHOP_PASSWORD', 'MY_SHOP_SSL_KEY', 'SHOP_HEADERS_X_API_KEY', 'LIVES_KEY', 'MY_TRIBUTARY_KEY'],
    )
  })

  it('is found in a reference and nowhere else', () => {
    assert.deepEqual(
      [secretReference('A_B'), 'A_B', `${secretReference('A')}x`, undefined, 5].map(referredName),
      ['A_B', undefined, undefined, undefined, undefined],
    )
  })
})
