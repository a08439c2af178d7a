/** The location that a config names. */
import type { ConnectorContext } from '@tributary/connector-sdk'
import type { FilesConfig } from '../spec.js'
import { folderLocation } from './folder.js'
import type { FileLocation } from './location.js'
import { s3Location } from './s3.js'
import { webLocation } from './web.js'

/** Throws ConfigInvalid where the config contradicts itself; reaches for nothing yet. */
export function openLocation(context: ConnectorContext<FilesConfig>): FileLocation {
  const { location } = context.config
  if ('folder' in location) return folderLocation(context.resolvePath(location.folder), context.log)
  if ('s3' in location) return s3Location(location.s3, context)
  const urls = 'urls' in location ? location.urls : [location.url]
  return webLocation({ urls, authorization: location.authorization }, context)
}
