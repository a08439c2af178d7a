/** Secrets from the process environment, and from a folder with one file a secret (as orchestrators mount them). */
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { isReservedSecret, SECRET_NAME, type SecretProvider } from './provider.js'

/**
 * Variables `TRIBUTARY_SECRET_<NAME>`, and of the product's own secrets `<NAME>` itself. Any other variable is no secret of
 * the workspace: a file that somebody wrote in a form must not reach what the process was given for something else.
 */
export function environmentSecrets(env: NodeJS.ProcessEnv): SecretProvider {
  const PREFIX = 'TRIBUTARY_SECRET_'
  return {
    place: 'the environment',
    async get(name) {
      if (!SECRET_NAME.test(name)) return undefined
      return env[PREFIX + name] ?? (isReservedSecret(name) ? env[name] : undefined)
    },
    async list() {
      const names = Object.keys(env).filter((name) => name.startsWith(PREFIX))
      return names.map((name) => name.slice(PREFIX.length)).sort()
    },
  }
}

/** One file a secret, named as the secret; one trailing newline is not part of the value. */
export function folderSecrets(folder: string): SecretProvider {
  return {
    place: `the folder ${folder}`,
    async get(name) {
      if (!SECRET_NAME.test(name)) return undefined
      const text = await readFile(join(folder, name), 'utf8').catch(ignoreMissing)
      return text?.replace(/\r?\n$/, '')
    },
    async list() {
      const names = (await readdir(folder).catch(ignoreMissing)) ?? []
      return names.filter((name) => SECRET_NAME.test(name)).sort()
    },
  }
}

function ignoreMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code === 'ENOENT') return undefined
  throw error
}
