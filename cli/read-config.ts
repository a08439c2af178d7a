/** Reads a file that holds JSON or YAML, or stdin for `-`. */
import { readFile } from 'node:fs/promises'
import { text } from 'node:stream/consumers'

/** @throws with the file's name when it cannot be read or is neither */
export async function readConfigFile(path: string): Promise<unknown> {
  const content = await (path === '-' ? text(process.stdin) : readFile(path, 'utf8')).catch(
    (error: unknown) => {
      const code = (error as NodeJS.ErrnoException).code
      throw new Error(
        `reading ${path}: ${code === 'ENOENT' ? 'there is no such file' : code}; check the path`,
        { cause: error },
      )
    },
  )
  const { parse } = await import('yaml')
  try {
    return parse(content)
  } catch {
    // The parser quotes the content, which may hold secrets.
    throw new Error(`reading ${path}: it is neither JSON nor YAML; correct it`)
  }
}
