/** The store that a config names. */
import type { ConnectorContext } from '@tributary/connector-sdk'
import type { FilesConfig } from '../spec.js'
import { folderPlace, folderStore } from './folder.js'
import { s3Client } from './s3/s3-client.js'
import { s3Store } from './s3/s3-store.js'
import { sftpStore } from './sftp/sftp-store.js'
import type { Store } from './store.js'

/**
 * Opens the store for one piece of work, and closes it.
 * @param scratch where files are before they are whole
 */
export async function withStore<T>(
  context: ConnectorContext<FilesConfig>,
  scratch: string,
  work: (store: Store) => Promise<T>,
): Promise<T> {
  const store = await openStore(context, scratch)
  try {
    return await work(store)
  } finally {
    await store.close()
  }
}

async function openStore(context: ConnectorContext<FilesConfig>, scratch: string): Promise<Store> {
  const { location } = context.config
  if ('folder' in location) return folderStore(folderPlace(location.folder, context.resolvePath), scratch)
  if ('s3' in location) return s3Store(s3Client(location.s3, context), location.s3)
  return sftpStore(location.sftp, context, scratch)
}
