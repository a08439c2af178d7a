/** What planning a projection finds wrong. */

/** Something that a person wrote and has to change. */
export interface Problem {
  /** Where it stands: `where.all.1.gte`, `fields.rename.mail`. */
  readonly path: string
  readonly message: string
  readonly remedy: string
}
