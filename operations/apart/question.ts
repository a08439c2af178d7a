/** What crosses to the process that asks a connector, and back: JSON over its channel. */
import type { Checked } from '../../workflows/command-contract.js'
import type { Discovered } from '../connector-answers.js'

export interface ApartQuestion {
  readonly verb: 'check' | 'discover'
  readonly workspaceDir: string
  /** A package name, or a path of the workspace. */
  readonly connector: string
  /** Secrets resolved: that process knows of no others. */
  readonly config: Readonly<Record<string, unknown>>
  /** As the worker has it: `true`, or hosts and ranges. */
  readonly allowPrivateAddresses: boolean | readonly string[]
}

export type ApartAnswer = {
  /** What the connector warned of. */
  readonly warnings: readonly string[]
} & (
  | { readonly checked: Checked }
  | { readonly found: Discovered }
  /** Secrets masked. */
  | { readonly failure: { readonly type: string; readonly message: string } }
)
