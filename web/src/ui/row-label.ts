/** Labels of fields that stand in rows: the first row bears the label that all of them have. */

/** Visible in the first row (from 0); heard in the others, with the row's number. */
export function rowLabel(
  label: string,
  index: number,
): { readonly label: string } | { readonly 'aria-label': string } {
  return index === 0 ? { label } : { 'aria-label': `${label} ${index + 1}` }
}
