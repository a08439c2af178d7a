/** Secrets on their way to the server; they never come back. */
import { api, take } from './client.js'

/**
 * Keeps what was typed into a form's secret fields, by name. Call it before anything that refers to them is checked or saved.
 * @throws ApiError where one is refused; those before it are kept, and keeping them again changes nothing.
 */
export async function saveSecrets(secrets: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, value] of Object.entries(secrets)) {
    await take(api.PUT('/api/v1/secrets/{name}', { params: { path: { name } }, body: { value } }))
  }
}
