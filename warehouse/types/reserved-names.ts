/** Column names that the warehouse adds to a stream's tables. Other names may begin with an underscore, as `_id` does. */
const RESERVED: ReadonlySet<string> = new Set([
  '_load_id',
  '_generation',
  '_extracted_at',
  '_meta',
  '_ordinal',
  '_deleted',
  '_version',
  '_fold',
])

/** True for names that no field of a source may have in the warehouse. */
export const isReservedName = (name: string): boolean => RESERVED.has(name)
