import { deepEqual, equal, rejects } from 'node:assert/strict'
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import {
  listUploads,
  MAX_UPLOAD_BYTES,
  removeUpload,
  restoreUpload,
  takePiece,
  type UploadPiece,
} from './uploads.js'

describe('files that people send', () => {
  let workspaceDir: string

  beforeEach(async () => {
    workspaceDir = await mkdtemp(join(tmpdir(), 'tributary-uploads-'))
  })
  afterEach(() => rm(workspaceDir, { recursive: true, force: true }))

  const place = (file = 'orders.csv', folder = 'shop-1') => ({ workspaceDir, folder, file })
  const whole = (text: string): UploadPiece => ({
    upload: 'abcdef12',
    at: 0,
    bytes: Buffer.from(text),
    last: true,
  })
  const names = async (folder = 'shop-1') => (await listUploads(workspaceDir, folder)).map(({ name }) => name)
  const contentOf = (file: string) => readFile(join(workspaceDir, 'uploads', 'shop-1', file), 'utf8')

  it('are what was sent, however it is cut, and whichever pieces come twice', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ minLength: 1, maxLength: 200 }),
        fc.array(fc.tuple(fc.integer({ min: 1, max: 60 }), fc.boolean()), { minLength: 1, maxLength: 8 }),
        fc.uuid(),
        async (bytes, cuts, upload) => {
          let at = 0
          for (let index = 0; at < bytes.length; index += 1) {
            const [length, twice] = cuts[index % cuts.length]!
            const piece = {
              upload,
              at,
              bytes: bytes.subarray(at, at + length),
              last: at + length >= bytes.length,
            }
            equal((await names()).includes(upload), false)
            // Its answer was lost.
            if (twice && !piece.last) await takePiece(place(upload), piece)
            at = await takePiece(place(upload), piece)
          }
          equal(at, bytes.length)
          deepEqual(new Uint8Array(await readFile(join(workspaceDir, 'uploads', 'shop-1', upload))), bytes)
        },
      ),
      { numRuns: 40 },
    )
  })

  it('take the place of one of their name only when they are whole', async () => {
    await takePiece(place(), whole('id\n1\n'))
    const next = { upload: 'second-time', bytes: Buffer.from('id\n2'), at: 0, last: false }
    equal(await takePiece(place(), next), 4)
    equal(await contentOf('orders.csv'), 'id\n1\n')
    equal(await takePiece(place(), { ...next, at: 4, bytes: Buffer.from('\n'), last: true }), 5)
    equal(await contentOf('orders.csv'), 'id\n2\n')
    const [file, ...others] = await listUploads(workspaceDir, 'shop-1')
    deepEqual([file?.name, file?.bytes, others], ['orders.csv', 5, []])
  })

  it('need every piece before', async () => {
    const piece = { ...whole('2\n'), at: 5 }
    await rejects(takePiece(place(), piece), { name: 'UploadBroken' })
    await takePiece(place(), { ...whole('id'), last: false })
    await rejects(takePiece(place(), piece), {
      name: 'UploadBroken',
      message: 'sending orders.csv to uploads/shop-1: a piece is missing before byte 5; send the file again',
    })
    deepEqual(await names(), [])
  })

  it('hold something', async () => {
    await takePiece(place(), whole('id\n1\n'))
    await rejects(takePiece(place(), whole('')), {
      name: 'UploadInvalid',
      message: 'sending orders.csv to uploads/shop-1: it is empty; send a file that holds something',
    })
    equal(await contentOf('orders.csv'), 'id\n1\n')
  })

  it('are bounded', async () => {
    await rejects(takePiece(place(), { ...whole('x'), at: MAX_UPLOAD_BYTES }), {
      name: 'UploadTooLarge',
      message:
        'sending orders.csv to uploads/shop-1: it is larger than 2 GiB; split it, or put it into a folder that the worker can read',
    })
  })

  for (const file of [
    '',
    '.',
    '..',
    '.hidden',
    'a/b',
    'a\\b',
    'a\u0000b',
    'a\nb',
    'a\u2028b',
    `${'é'.repeat(101)}`,
  ])
    it(`have no name like ${JSON.stringify(file)}`, async () => {
      await rejects(takePiece(place(file), whole('x')), { name: 'UploadInvalid' })
      await rejects(removeUpload(place(file)), { name: 'UploadInvalid' })
      await rejects(restoreUpload(place(file)), { name: 'UploadInvalid' })
    })

  for (const folder of ['', '..', '.tributary', 'Shop', 'a/b', 'ü', 'x'.repeat(64)])
    it(`go to no folder like ${JSON.stringify(folder)}`, async () => {
      await rejects(takePiece(place('orders.csv', folder), whole('x')), { name: 'UploadInvalid' })
      await rejects(listUploads(workspaceDir, folder), { name: 'UploadInvalid' })
    })

  it('are named as people name files', async () => {
    for (const file of ['Kunden März (1).csv', 'طلبات.csv', '🎁.ndjson', 'a..b', 'ordre d’achat.csv.gz'])
      await takePiece(place(file), whole(file))
    deepEqual(await names(), [
      'Kunden März (1).csv',
      'a..b',
      'ordre d’achat.csv.gz',
      'طلبات.csv',
      '🎁.ndjson',
    ])
  })

  it('stay in the workspace where a link leads out of it', async () => {
    const outside = await mkdtemp(join(tmpdir(), 'tributary-outside-'))
    try {
      await mkdir(join(workspaceDir, 'uploads'))
      await symlink(outside, join(workspaceDir, 'uploads', 'shop-1'))
      await rejects(takePiece(place(), whole('x')), { name: 'UploadInvalid' })
      deepEqual(await readdir(outside), [])
    } finally {
      await rm(outside, { recursive: true })
    }
  })

  it('can be taken away and brought back', async () => {
    await takePiece(place(), whole('id\n1\n'))
    await removeUpload(place())
    deepEqual(await names(), [])
    await rejects(removeUpload(place()), { name: 'UploadUnknown' })
    await restoreUpload(place())
    equal(await contentOf('orders.csv'), 'id\n1\n')
    await rejects(restoreUpload(place('other.csv')), { name: 'UploadUnknown' })
  })

  it('stay when one of their name was sent since they were taken away', async () => {
    await takePiece(place(), whole('old'))
    await removeUpload(place())
    await takePiece(place(), whole('new'))
    await restoreUpload(place())
    equal(await contentOf('orders.csv'), 'new')
  })

  it('are no business of git, and leave nothing that nobody goes on with', async () => {
    await takePiece(place(), { ...whole('half'), upload: 'given-up', last: false })
    await takePiece(place('late.csv'), whole('removed'))
    await removeUpload(place('late.csv'))
    const folder = join(workspaceDir, 'uploads', 'shop-1')
    await writeFile(join(folder, 'kept.csv.part'), '')
    equal(await readFile(join(workspaceDir, 'uploads', '.gitignore'), 'utf8'), '*\n')
    const hidden = ['.given-up.part', '.late.csv.removed']
    await takePiece(place(), whole('x'))
    deepEqual((await readdir(folder)).sort(), [...hidden, 'kept.csv.part', 'orders.csv'])
    await takePiece(place(), whole('x'), new Date(Date.now() + 25 * 60 * 60 * 1000))
    deepEqual((await readdir(folder)).sort(), ['kept.csv.part', 'orders.csv'])
  })

  it('of a folder that nobody sent to are none', async () => {
    deepEqual(await listUploads(workspaceDir, 'never'), [])
  })
})
