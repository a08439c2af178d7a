/** What a marketer does in the fields of a condition, named as a reader of a screen hears them. */

/** What is done in the fields of one condition. */
export type Steps = (condition: Fields) => Promise<void>

/** The fields of one condition, by the names that a reader of a screen hears. */
export interface Fields {
  choose(field: string, option: string): Promise<void>
  type(field: string, text: string): Promise<void>
  press(button: string): Promise<void>
  check(box: string): Promise<void>
}

/** A trait, its comparison, and what it is compared with. */
export const trait =
  (name: string, operator: string, literal?: (fields: Fields, of: string) => Promise<void>): Steps =>
  async (fields) => {
    await fields.choose('Trait', name)
    await fields.choose(`Comparison of ${name}`, operator)
    await literal?.(fields, `Value of ${name}`)
  }
/** One value. */
export const text =
  (typed: string) =>
  (fields: Fields, of: string): Promise<void> =>
    fields.type(of, typed)
/** Several values, each with Enter. */
export const texts =
  (...values: readonly string[]) =>
  async (fields: Fields, of: string): Promise<void> => {
    for (const value of values) await fields.type(of, `${value}\n`)
  }
/** From one to another. */
export const range =
  (from: string, to: string) =>
  async (fields: Fields, of: string): Promise<void> => {
    await fields.type(`${of}: from`, from)
    await fields.type(`${of}: to`, to)
  }
/** A length of time: a number and its unit. */
export const length =
  (count: string, unit: string) =>
  async (fields: Fields, of: string): Promise<void> => {
    await fields.type(of, count)
    await fields.choose(`${of}: unit`, unit)
  }

/** An event and what is asked of it. */
export const performed =
  (event: string, ...steps: readonly Steps[]): Steps =>
  async (fields) => {
    await fields.choose('Event', event)
    for (const step of steps) await step(fields)
  }
/** How often or how much. */
export const asked =
  (option: string): Steps =>
  (fields) =>
    fields.choose('How often or how much', option)
/** In which time. */
export const when =
  (option: string, step?: Steps): Steps =>
  async (fields) => {
    await fields.choose('When', option)
    await step?.(fields)
  }
/** Whenever it was. */
export const ever = when('at any time')
