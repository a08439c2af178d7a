/** The secrets of a workspace: environment first, then a mounted folder, then the encrypted file. */
import { randomBytes } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { encryptedFileSecrets } from './encrypted-file.js'
import { environmentSecrets, folderSecrets } from './environment.js'
import { chainProviders, type SecretProvider } from './provider.js'

/** Nothing is read or created before the first use. */
export function openSecrets(workspaceDir: string, env: NodeJS.ProcessEnv = process.env): SecretProvider {
  const folder = env.TRIBUTARY_SECRETS_DIR
  return chainProviders([
    environmentSecrets(env),
    ...(folder === undefined ? [] : [folderSecrets(folder)]),
    encryptedFileSecrets(join(workspaceDir, '.tributary', 'secrets.json'), () => masterKey(env)),
  ])
}

/** TRIBUTARY_MASTER_KEY, or a key of this user's, made at first use. */
async function masterKey(env: NodeJS.ProcessEnv): Promise<string> {
  if (env.TRIBUTARY_MASTER_KEY) return env.TRIBUTARY_MASTER_KEY
  const path = join(env.XDG_CONFIG_HOME ?? join(homedir(), '.config'), 'tributary', 'master.key')
  const existing = await readFile(path, 'utf8').catch(() => undefined)
  if (existing !== undefined) return existing.trim()
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  // `wx`: of two processes that start at once, one makes the key and the other reads it.
  await writeFile(path, randomBytes(32).toString('base64'), { mode: 0o600, flag: 'wx' }).catch(
    () => undefined,
  )
  return (await readFile(path, 'utf8')).trim()
}
