/** Which of ClickHouse's errors say that a statement is wrong in itself: sent again, it is refused again. */
import type { ClickHouseError } from '@clickhouse/client'

/** By ClickHouse's numbers (src/Common/ErrorCodes.cpp). Only what no data, load or restart brings about. */
const REFUSED: ReadonlySet<string> = new Set(
  [
    36, // BAD_ARGUMENTS
    42, // NUMBER_OF_ARGUMENTS_DOESNT_MATCH
    43, // ILLEGAL_TYPE_OF_ARGUMENT
    44, // ILLEGAL_COLUMN
    46, // UNKNOWN_FUNCTION
    47, // UNKNOWN_IDENTIFIER
    50, // UNKNOWN_TYPE
    62, // SYNTAX_ERROR
    115, // UNKNOWN_SETTING
    344, // SUPPORT_IS_DISABLED
    432, // UNKNOWN_CODEC
    433, // ILLEGAL_CODEC_PARAMETER
    450, // BAD_TTL_EXPRESSION
    524, // ALTER_OF_COLUMN_IS_FORBIDDEN
  ].map(String),
)

/** True where trying again cannot help, however long. */
export function isRefusedStatement({ code }: ClickHouseError): boolean {
  return REFUSED.has(code)
}
