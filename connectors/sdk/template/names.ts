/** The names that a template fills in. */
export interface TemplateNames {
  readonly kind: 'source' | 'destination'
  readonly packageName: string
  /** The package name without its scope. */
  readonly fileName: string
  readonly title: string
  /** `AcmeConfig` */
  readonly configType: string
}
