/** Words of names that people gave to tables and columns, in whatever way they join them. */

/** `CustomerEmail_Address2` as customer, email, address2; letters without their accents. */
export function tokensOf(name: string): readonly string[] {
  return name
    .normalize('NFD')
    .replace(/\p{Mn}/gu, '')
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1_$2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '')
}

/** `loyalty_points` as Loyalty Point. */
export function singularTitle(name: string): string {
  const words = tokensOf(name)
  return words
    .map((word, index) => (index === words.length - 1 ? singular(word) : word))
    .map((word) => word[0]!.toUpperCase() + word.slice(1))
    .join(' ')
}

function singular(word: string): string {
  if (/ies$/.test(word) && word.length > 4) return word.replace(/ies$/, 'y')
  if (/(ss|us|is)$/.test(word)) return word
  if (/(ches|shes|xes|sses)$/.test(word)) return word.replace(/es$/, '')
  return word.replace(/s$/, '')
}
