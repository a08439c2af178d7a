/** What the server refuses of a config, at the fields that it is about. */
import { type ErrorSchema, type RJSFValidationError, toErrorSchema } from '@rjsf/utils'
import { ApiError } from '../../api/api-error.js'
import { sentenceOf } from '../words.js'

/** Problems of `config.…` by field; undefined where the refusal names none. */
export function refusedFields(refusal: unknown): ErrorSchema<unknown> | undefined {
  if (!(refusal instanceof ApiError)) return undefined
  const errors = refusal.problems.flatMap(({ path = '', message, remedy }): RJSFValidationError[] => {
    if (!/^config[.[]/.test(path)) return []
    const words = [message, remedy]
      .flatMap((part) => (part === undefined ? [] : [sentenceOf(part)]))
      .join(' ')
    return [{ property: path.slice('config'.length), message: words, stack: words }]
  })
  return errors.length === 0 ? undefined : toErrorSchema<unknown>(errors)
}
