/** Settings under which a projection reads its input; pass them with every insert of rows or blocks. */

/**
 * What the engine must not decide by itself. Header detection drops a block's first row where it holds the names of the
 * columns (a `status` column whose value is `status`).
 */
export const INPUT_SETTINGS = {
  /** Offsets such as `Z` and `+02:00` in times. */
  date_time_input_format: 'best_effort',
  input_format_csv_detect_header: 0,
  input_format_tsv_detect_header: 0,
  /** The row encoder writes a JSON column as its text. */
  input_format_binary_read_json_as_string: 1,
} as const
