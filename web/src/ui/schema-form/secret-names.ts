/** Names under which what is typed into a secret field is kept. */

const REFERENCE = /^\$\{secret:([^}]+)\}$/

/** Names of the product's own secrets begin like this, and nobody may set them. */
const RESERVED = 'TRIBUTARY_'
const LONGEST = 120

/** `shop` and the field `root_ssl_key` give `SHOP_SSL_KEY`: letters, digits and lines below, as environments have it. */
export function secretName(prefix: string, fieldId: string): string {
  const name = `${prefix}_${fieldId.replace(/^root_/, '')}`
    .toUpperCase()
    .replace(/[^A-Z0-9]+/g, '_')
    .replace(/^[^A-Z]+/, '')
    .slice(0, LONGEST)
    .replace(/_+$/, '')
  return name.startsWith(RESERVED) ? `MY_${name}` : name
}

/** The name that a reference `${secret:NAME}` holds; undefined for anything else. */
export function referredName(value: unknown): string | undefined {
  return typeof value === 'string' ? REFERENCE.exec(value)?.[1] : undefined
}

/** What stands in the data in place of a secret. */
export function secretReference(name: string): string {
  return `\${secret:${name}}`
}
