/** MurmurHash3, 32 bit, seed 0: what ClickHouse calls murmurHash3_32. Public domain algorithm by Austin Appleby. */

export function murmurHash3(text: string): number {
  const bytes = Buffer.from(text)
  const blocks = bytes.length - (bytes.length % 4)
  let hash = 0
  for (let at = 0; at < blocks; at += 4) {
    hash ^= mixed(bytes.readUInt32LE(at))
    hash = (Math.imul((hash << 13) | (hash >>> 19), 5) + 0xe6546b64) | 0
  }
  const tail = bytes.subarray(blocks)
  if (tail.length > 0) hash ^= mixed(tail.reduceRight((word, byte) => (word << 8) | byte, 0))
  hash ^= bytes.length
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}

function mixed(word: number): number {
  const product = Math.imul(word, 0xcc9e2d51)
  return Math.imul((product << 15) | (product >>> 17), 0x1b873593)
}
