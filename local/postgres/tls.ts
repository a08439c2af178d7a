/** Makes a self-signed certificate for a server on loopback, so that TLS paths are tested against a real TLS server. */
import { execFile } from 'node:child_process'
import { access } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

export interface Certificate {
  /** PEM file; also the CA file for clients that verify. */
  readonly certFile: string
  readonly keyFile: string
}

/**
 * The certificate for localhost and 127.0.0.1 in `dir`, made when missing; valid for ten years.
 * @throws when the openssl program is missing
 */
export async function selfSignedCertificate(dir: string): Promise<Certificate> {
  const certificate = { certFile: join(dir, 'server.crt'), keyFile: join(dir, 'server.key') }
  const exists = await access(certificate.certFile).then(
    () => true,
    () => false,
  )
  if (exists) return certificate
  const args = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '3650', '-subj', '/CN=localhost']
  const names = ['-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1']
  try {
    await run('openssl', [...args, ...names, '-keyout', certificate.keyFile, '-out', certificate.certFile])
  } catch (cause) {
    throw new Error('making a TLS certificate: openssl failed; install the openssl program', { cause })
  }
  return certificate
}
