/** Checks a form by its JSON Schema without compiling code: the page's policy allows none to be made from text. */
import { Validator } from '@cfworker/json-schema'
import {
  createErrorHandler,
  toErrorSchema,
  unwrapErrorHandler,
  type ValidatorType,
  validationDataMerge,
} from '@rjsf/utils'
import { asJson, findErrors } from './errors.js'
import type { JsonSchema } from './types.js'

/** For react-jsonschema-form. */
export const validator: ValidatorType<unknown, JsonSchema> = {
  validateFormData(formData, schema, customValidate, transformErrors, uiSchema) {
    const found = findErrors(schema, formData)
    const errors = transformErrors === undefined ? found : transformErrors(found, uiSchema)
    const result = { errors, errorSchema: toErrorSchema<unknown>(errors) }
    if (customValidate === undefined) return result
    const handler = customValidate(formData, createErrorHandler<unknown>(formData), uiSchema)
    return validationDataMerge<unknown>(result, unwrapErrorHandler<unknown>(handler))
  },
  isValid(schema, formData, rootSchema) {
    const shared = rootSchema.$defs === undefined ? {} : { $defs: rootSchema.$defs }
    return new Validator({ ...shared, ...schema } as object, '2020-12').validate(asJson(formData)).valid
  },
  rawValidation: (schema, formData) => ({ errors: findErrors(schema, formData) as never[] }),
}
