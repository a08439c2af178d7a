/** `tributary secrets`: keeps values for `${secret:NAME}`; they are never shown again. */
import { nearestName } from '@tributary/schemas'
import { isReservedSecret, SECRET_NAME } from '../runtime/secrets/provider.js'
import type { OperationContext } from './context.js'

export type SecretsContext = Pick<OperationContext, 'secrets'>

/** The name or the value cannot be a secret's. */
export class SecretInvalid extends Error {
  override readonly name = 'SecretInvalid'
}

/** Keeps a value, replacing the one before. @throws SecretInvalid */
export async function setSecret({ secrets }: SecretsContext, name: string, value: string): Promise<void> {
  if (!SECRET_NAME.test(name)) {
    const proposal = nearestName(name, [name.toUpperCase().replace(/[^A-Z0-9_]/g, '_')])
    throw new SecretInvalid(
      `setting the secret ${name}: write capital letters, digits and _, starting with a letter, e.g. ${proposal ?? 'SHOP_PASSWORD'}`,
    )
  }
  if (isReservedSecret(name)) {
    throw new SecretInvalid(
      `setting the secret ${name}: names that begin with TRIBUTARY_ are the product's own; choose another name`,
    )
  }
  if (value === '')
    throw new SecretInvalid(`setting the secret ${name}: it is empty; give its value on stdin`)
  if (!secrets.set) {
    throw new SecretInvalid(`setting the secret ${name}: ${secrets.place} cannot keep it; set it there`)
  }
  await secrets.set(name, value)
}

/** Names only, sorted; without those of the product itself. */
export async function listSecrets({ secrets }: SecretsContext): Promise<readonly string[]> {
  return (await secrets.list()).filter((name) => !isReservedSecret(name))
}
