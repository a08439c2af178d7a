/** Summaries as the server takes them: by bytes, and a longer one would fail the workflow's task again and again. */

/** The server refuses more than 400 bytes. */
const MAX_BYTES = 200

/** The text, cut between characters to at most 200 bytes of UTF-8. */
export function summary(text: string): string {
  let bytes = 0
  let end = 0
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4
    if (bytes > MAX_BYTES) return text.slice(0, end)
    end += character.length
  }
  return text
}
