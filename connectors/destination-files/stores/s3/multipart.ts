/**
 * Large objects, uploaded in parts (https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpuoverview.html): the object
 * appears when the upload is completed, as a whole.
 */
import { ConnectorError, isConnectorError } from '@tributary/connector-sdk'
import { XMLParser } from 'fast-xml-parser'
import type { S3Client } from './s3-client.js'

/**
 * Of equal size but the last, as Cloudflare R2 wants it, and larger than the 5 MiB that S3 asks for at least
 * (https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html).
 */
export const PART_BYTES = 16 << 20
const MAX_PARTS = 10_000

const UNLISTED = new Set(['NoSuchUpload', 'NotImplemented', '501'])

const PARSER = new XMLParser({ parseTagValue: false, isArray: (name) => name === 'Upload' })

export interface MultipartUpload {
  /** Uploads the next part. */
  put(part: Uint8Array): Promise<void>
  /** Makes the object of the parts. */
  complete(bytes: number): Promise<void>
  abort(): Promise<void>
}

/** Begins an upload; those that an earlier attempt left behind for the same key are ended. */
export async function multipartUpload(
  client: S3Client,
  key: string,
  headers: Readonly<Record<string, string>>,
): Promise<MultipartUpload> {
  await abortLeftUploads(client, key)
  const begun = await client.send(`beginning the upload of ${key}`, {
    method: 'POST',
    key,
    query: { uploads: '' },
    headers,
  })
  const id = textOf(begun.body, 'UploadId')
  const etags: string[] = []
  const query = (): Record<string, string> => {
    if (etags.length === MAX_PARTS)
      throw new ConnectorError(
        'ConfigInvalid',
        `uploading ${key}: it is larger than ${(MAX_PARTS * PART_BYTES) / 2 ** 30} GiB; compress it or split the segment`,
      )
    return { partNumber: String(etags.length + 1), uploadId: id }
  }
  return {
    async put(part) {
      const { headers } = await client.send(`uploading ${key}`, {
        method: 'PUT',
        key,
        query: query(),
        body: part,
      })
      etags.push(String(headers.etag))
    },
    async complete(bytes) {
      const parts = etags.map(
        (etag, index) => `<Part><PartNumber>${index + 1}</PartNumber><ETag>${xml(etag)}</ETag></Part>`,
      )
      const body = Buffer.from(`<CompleteMultipartUpload>${parts.join('')}</CompleteMultipartUpload>`)
      try {
        await client.send(`completing the upload of ${key}`, {
          method: 'POST',
          key,
          query: { uploadId: id },
          headers: { 'content-type': 'application/xml' },
          body,
        })
      } catch (error) {
        // An answer that was lost is asked for again, and the upload is complete then and gone.
        const gone = isConnectorError(error) && error.code === 'NoSuchUpload'
        if (!gone || !(await isThere(client, key, etags.length, bytes))) throw error
      }
    },
    abort: () => abort(client, key, id),
  }
}

async function isThere(client: S3Client, key: string, parts: number, bytes: number): Promise<boolean> {
  const { status, headers } = await client.send(`looking for ${key}`, { method: 'HEAD', key, accept: [404] })
  return (
    status === 200 &&
    Number(headers['content-length']) === bytes &&
    String(headers.etag).replaceAll('"', '').endsWith(`-${parts}`)
  )
}

async function abortLeftUploads(client: S3Client, key: string): Promise<void> {
  try {
    const { body } = await client.send('listing uploads', {
      method: 'GET',
      key: '',
      query: { uploads: '', prefix: key },
    })
    const list = (PARSER.parse(body) as UploadList).ListMultipartUploadsResult
    for (const upload of list?.Upload ?? []) if (upload.Key === key) await abort(client, key, upload.UploadId)
  } catch (error) {
    if (!isConnectorError(error)) throw error
    // Uploads that nobody may list cost space until the bucket's own rule ends them; the file can be written. Some
    // stores answer so where there are none, or cannot list them.
    if (error.kind !== 'PermissionDenied' && !UNLISTED.has(error.code ?? '')) throw error
  }
}

interface UploadList {
  readonly ListMultipartUploadsResult?:
    | { readonly Upload?: readonly { readonly Key: string; readonly UploadId: string }[] }
    | undefined
}

async function abort(client: S3Client, key: string, id: string): Promise<void> {
  await client.send(`ending the upload of ${key}`, {
    method: 'DELETE',
    key,
    query: { uploadId: id },
    accept: [404],
  })
}

/** The text of an element below the root, whose name not all stores spell as S3 does. */
function textOf(body: string, name: string): string {
  const roots = Object.values(PARSER.parse(body) as Record<string, Record<string, unknown> | undefined>)
  const found = roots.find((root) => typeof root === 'object' && name in root)?.[name]
  if (typeof found !== 'string' || found === '')
    throw new ConnectorError(
      'ConfigInvalid',
      'uploading: the endpoint does not answer as S3 does; correct endpoint',
    )
  return found
}

function xml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')
}
