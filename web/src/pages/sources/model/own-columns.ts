/** The columns of a stream that its source has. */

/** Without what a reader adds for values that fit no column. */
export function ownColumns<Column extends { readonly name: string }>(
  columns: readonly Column[],
): readonly Column[] {
  return columns.filter(({ name }) => !/^_original_values_*$/.test(name))
}
