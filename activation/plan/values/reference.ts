/** What a value can name: something that is known of a profile or of the segment. */

export type Reference =
  | { readonly is: 'identifier'; readonly type: string }
  | { readonly is: 'trait'; readonly name: string }
  | { readonly is: 'profile.id' | 'segment.id' | 'segment.name' }

/** What has to be read of people. */
export type Need = Extract<Reference, { readonly is: 'identifier' | 'trait' }>

/** @throws SyntaxError in words for the author of the file */
export function parseReference(text: string): Reference {
  if (text === 'profile.id' || text === 'segment.id' || text === 'segment.name') return { is: text }
  const dot = text.indexOf('.')
  const [head, name] = [text.slice(0, Math.max(dot, 0)), text.slice(dot + 1)]
  if (name !== '' && head === 'identifiers') return { is: 'identifier', type: name }
  if (name !== '' && head === 'traits') return { is: 'trait', name }
  throw new SyntaxError(
    `"${text}" names nothing; write identifiers.<type>, traits.<name>, profile.id, segment.id or segment.name`,
  )
}

export const isNeed = (reference: Reference): reference is Need =>
  reference.is === 'identifier' || reference.is === 'trait'

/** As it is written. */
export function nameOfReference(reference: Reference): string {
  switch (reference.is) {
    case 'identifier':
      return `identifiers.${reference.type}`
    case 'trait':
      return `traits.${reference.name}`
    default:
      return reference.is
  }
}
