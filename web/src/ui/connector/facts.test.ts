import { deepEqual, equal } from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { JsonSchema } from '../schema-form/types.js'
import { factsOf, refusedHost } from './facts.js'

const specOf = async (connector: string) =>
  JSON.parse(await readFile(resolve(`connectors/${connector}/spec.json`), 'utf8')) as JsonSchema

describe('what a config says of where it leads', () => {
  it('is the address of a webhook, and no secret', async () => {
    deepEqual(
      factsOf(await specOf('destination-webhook'), {
        url: 'https://example.com/hook',
        secret: 'whsec_never',
        headers: { 'x-key': 'abc' },
        batch_size: 5,
      }),
      [{ title: 'Address', value: 'https://example.com/hook', fieldId: 'root_url' }],
    )
  })

  it('is found below a choice', async () => {
    const spec = await specOf('destination-files')
    deepEqual(factsOf(spec, { location: { type: 'folder', folder: './exports' } }), [
      { title: 'Folder', value: './exports', fieldId: 'root_location_folder' },
    ])
    deepEqual(
      factsOf(spec, { location: { sftp: { host: 'sftp.example.com', user: 'acme', host_keys: ['k'] } } }),
      [
        { title: 'Host', value: 'sftp.example.com', fieldId: 'root_location_sftp_host' },
        { title: 'User', value: 'acme', fieldId: 'root_location_sftp_user' },
      ],
    )
  })

  it('is nothing where a token alone says it', async () => {
    deepEqual(factsOf(await specOf('destination-hubspot'), { access_token: 'never' }), [])
  })
})

describe('a refused address', () => {
  it('is told from other failures, and names its host', () => {
    const said =
      'connecting to 10.0.0.7: the address is private, loopback or otherwise not public, and this installation does ' +
      'not allow connectors to reach it; correct the host, or allow it in TRIBUTARY_ALLOW_PRIVATE_ADDRESSES'
    equal(refusedHost(said), '10.0.0.7')
    equal(refusedHost('connecting to 10.0.0.7: refused; check host and port'), undefined)
  })
})
