/**
 * Secrets in one encrypted file of the workspace: the local default, and the one that can keep rotated credentials.
 * AES-256-GCM; the key stays outside the workspace. Writers replace the file whole, under a lock, so that two workers
 * that rotate different credentials lose neither.
 */
import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto'
import { readFile, rename, writeFile } from 'node:fs/promises'
import { withFileLock } from '../file-lock.js'
import type { SecretProvider } from './provider.js'

const ALGORITHM = 'aes-256-gcm'

interface SealedFile {
  readonly version: 1
  readonly nonce: string
  readonly tag: string
  readonly data: string
}

/** `key` resolves to the master key: any text, hashed to 256 bits. */
export function encryptedFileSecrets(path: string, key: () => Promise<string>): SecretProvider {
  const cipherKey = async () =>
    createHash('sha256')
      .update(await key())
      .digest()

  async function read(): Promise<Record<string, string>> {
    const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined
      throw error
    })
    return text === undefined ? {} : unseal(text, await cipherKey(), path)
  }

  async function change(edit: (secrets: Readonly<Record<string, string>>) => Record<string, string>) {
    await withFileLock(`${path}.lock`, async () => {
      const sealed = seal(edit(await read()), await cipherKey())
      const temporary = `${path}.${process.pid}.tmp`
      await writeFile(temporary, sealed, { mode: 0o600 })
      await rename(temporary, path)
    })
  }

  return {
    place: 'the encrypted file',
    async get(name) {
      const secrets = await read()
      return Object.hasOwn(secrets, name) ? secrets[name] : undefined
    },
    set: (name, value) => change((secrets) => ({ ...secrets, [name]: value })),
    remove: (name) => change(({ [name]: _removed, ...others }) => others),
    async list() {
      return Object.keys(await read()).sort()
    },
  }
}

function seal(secrets: Record<string, string>, key: Buffer): string {
  const nonce = randomBytes(12)
  const cipher = createCipheriv(ALGORITHM, key, nonce)
  const data = Buffer.concat([cipher.update(JSON.stringify(secrets), 'utf8'), cipher.final()])
  const file: SealedFile = {
    version: 1,
    nonce: nonce.toString('base64'),
    tag: cipher.getAuthTag().toString('base64'),
    data: data.toString('base64'),
  }
  return JSON.stringify(file)
}

function unseal(text: string, key: Buffer, path: string): Record<string, string> {
  try {
    const file = JSON.parse(text) as SealedFile
    const decipher = createDecipheriv(ALGORITHM, key, Buffer.from(file.nonce, 'base64'))
    decipher.setAuthTag(Buffer.from(file.tag, 'base64'))
    const plain = Buffer.concat([decipher.update(Buffer.from(file.data, 'base64')), decipher.final()])
    return JSON.parse(plain.toString('utf8')) as Record<string, string>
  } catch {
    throw new Error(
      `opening ${path}: the master key does not fit or the file is damaged; set TRIBUTARY_MASTER_KEY to the key it was written with`,
    )
  }
}
