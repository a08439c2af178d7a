/** The part of pg-copy-streams that is used here; the package ships no types. */
declare module 'pg-copy-streams' {
  import type { Readable } from 'node:stream'
  import type { Submittable } from 'pg'

  /** Rows of a COPY … TO STDOUT as bytes; `rowCount` is set when it has ended. */
  export function to(sql: string): Readable & Submittable & { readonly rowCount: number }
}
