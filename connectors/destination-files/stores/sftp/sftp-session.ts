/** One login at an SFTP server: the server's key is verified, and no request waits for a connection that is gone. */
import { createHash } from 'node:crypto'
import type { Socket } from 'node:net'
import { type ConnectorContext, ConnectorError } from '@tributary/connector-sdk'
import ssh2, { type Client, type SFTPWrapper } from 'ssh2'
import type { SftpConfig } from '../../config.js'
import { loginError } from './sftp-errors.js'

export type Done<T> = (error: Error | null | undefined, value: T) => void

export interface SftpSession {
  /** The answer to one request. Rejects with the error of the server or of the connection, unmapped. */
  request<T>(send: (sftp: SFTPWrapper, done: Done<T>) => void): Promise<T>
  close(): Promise<void>
}

const LOGIN_MS = 20_000
const KEEP_ALIVE_MS = 10_000

/** @throws ConnectorError ConfigInvalid where the server shows another key, AuthExpired where it refuses the login */
export async function openSession(
  config: SftpConfig,
  context: Pick<ConnectorContext<unknown>, 'connect' | 'signal'>,
): Promise<SftpSession> {
  const { host, port = 22 } = config
  const action = `connecting to ${host}:${port}`
  if (config.password === undefined && config.private_key === undefined)
    throw new ConnectorError('ConfigInvalid', `${action}: set password or private_key`)
  const sock = await context.connect({ host, port })
  // Each request is a small packet that would wait for the one before it.
  sock.setNoDelay(true)
  const client = new ssh2.Client()
  const pending = new Set<(error: Error) => void>()
  let lost: Error | undefined
  const lose = (error: Error): void => {
    lost ??= error
    for (const reject of pending) reject(lost)
    pending.clear()
  }
  client.on('error', lose)
  client.on('close', () => lose(new Error('the connection was closed')))
  const request = <T>(send: (done: Done<T>) => void): Promise<T> =>
    new Promise<T>((resolve, reject) => {
      if (lost !== undefined) throw lost
      pending.add(reject)
      const done: Done<T> = (error, value) => {
        pending.delete(reject)
        if (error) reject(error)
        else resolve(value)
      }
      try {
        send(done)
      } catch (error) {
        // ssh2 throws where the server lacks an extension.
        done(error as Error, undefined as T)
      }
    })
  try {
    await request<void>((done) => {
      client.on('ready', () => done(null))
      login(client, config, action, sock, (error) => done(error))
    })
    const sftp = await request<SFTPWrapper>((done) => client.sftp(done))
    return { request: (send) => request((done) => send(sftp, done)), close: () => end(client, sock) }
  } catch (error) {
    await end(client, sock)
    context.signal.throwIfAborted()
    throw loginError(action, error)
  }
}

function login(
  client: Client,
  config: SftpConfig,
  action: string,
  sock: Socket,
  fail: (error: Error) => void,
): void {
  const { password, private_key, passphrase } = config
  // Many servers ask for the password as a question.
  client.on('keyboard-interactive', (_name, _instructions, _language, prompts, answer) =>
    answer(prompts.map(() => password ?? '')),
  )
  client.connect({
    sock,
    username: config.user,
    ...(password !== undefined && { password, tryKeyboard: true }),
    ...(private_key !== undefined && { privateKey: private_key }),
    ...(passphrase !== undefined && { passphrase }),
    readyTimeout: LOGIN_MS,
    keepaliveInterval: KEEP_ALIVE_MS,
    hostVerifier: (key: Buffer) => {
      const shown = fingerprint(key)
      if (config.host_keys.some((known) => known.replace(/=$/, '') === shown)) return true
      fail(
        new ConnectorError(
          'ConfigInvalid',
          `${action}: the server shows the key ${shown}, which is not in host_keys; ask its owner whether it is right before you add it`,
        ),
      )
      return false
    },
  })
}

/** As `ssh-keygen -l` prints it. */
function fingerprint(key: Buffer): string {
  return `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`
}

/** Says goodbye, and waits for no answer: nothing depends on it. */
function end(client: Client, sock: Socket): Promise<void> {
  return new Promise((resolve) => {
    if (sock.destroyed) return resolve()
    sock.once('close', () => resolve())
    client.end()
    sock.destroySoon()
  })
}
