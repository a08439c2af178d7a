/** `tributary connector new`: a package to start from. */
import { type ScaffoldOptions, scaffoldConnector } from '@tributary/connector-sdk'

export interface NewConnectorResult {
  readonly name: string
  readonly directory: string
  /** Paths relative to the directory. */
  readonly written: readonly string[]
}

/** @throws ConnectorError for a name that npm refuses, or a folder that holds files */
export async function newConnector(options: ScaffoldOptions): Promise<NewConnectorResult> {
  const written = await scaffoldConnector(options)
  return { name: options.name, directory: options.directory, written }
}
