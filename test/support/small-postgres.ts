/** The PostgreSQL source with small blocks and key ranges, as a connector of a test's workspace: few rows cross every boundary. */

/** Files of the connector `./connectors/small-postgres`, for a workspace anywhere. */
export function smallPostgres(rows: {
  readonly block: number
  readonly slice: number
}): Record<string, string> {
  const real = import.meta.resolve('@tributary/source-postgres')
  const bytes = 32 * 1024 * 1024
  const limits = { block: { rows: rows.block, bytes }, slice: { rows: rows.slice, bytes } }
  const manifest = {
    name: 'small-postgres',
    version: '1.0.0',
    type: 'module',
    exports: './index.js',
    tributary: { kind: 'source', title: 'PostgreSQL in small portions', docs: './README.md' },
  }
  return {
    'connectors/small-postgres/package.json': JSON.stringify(manifest),
    'connectors/small-postgres/index.js': `import { postgresSource } from ${JSON.stringify(real)}\nexport default postgresSource(${JSON.stringify(limits)})\n`,
  }
}
