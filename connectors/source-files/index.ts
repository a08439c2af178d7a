/** Files source: CSV, NDJSON, JSON and Parquet from a folder, the web or an S3-compatible store. */
import { ConnectorError, defineSource } from '@tributary/connector-sdk'
import { discover } from './discover.js'
import { openLocation } from './locations/open-location.js'
import { type FilesConfig, spec } from './spec.js'

export default defineSource<FilesConfig>({
  spec,
  check: async (context) => {
    await openLocation(context).check()
    const names = (context.config.streams ?? []).map((stream) => stream.name)
    const repeated = names.find((name, index) => names.indexOf(name) !== index)
    if (repeated !== undefined)
      throw new ConnectorError('ConfigInvalid', `checking streams: two are named ${repeated}; rename one`)
    // Looks into a few files of each stream, and warns of those that cannot be read.
    const streams = await discover(context)
    const wrong = streams.find(({ unreadable }) => unreadable?.kind === 'ConfigInvalid')
    if (wrong?.unreadable) throw wrong.unreadable
  },
  streams: discover,
})
