/** What the fields of a form share beside its data: the secrets typed so far. */

/** Given to every widget. */
export interface SecretFields {
  /** What was typed until now, by the secret's name. */
  readonly typed: Readonly<Record<string, string>>
  /** The name for what is typed into a field. */
  readonly nameFor: (fieldId: string) => string
  /** Keeps what is typed; undefined takes it back. */
  readonly type: (name: string, value: string | undefined) => void
}
