/** What the conformance suite for destinations must be told: which objects, good and bad records, and how to look into the vendor. */
import type { DestinationRecord, Operation } from '../../destination.js'
import type { ConnectorErrorKind } from '../../errors.js'

export interface DestinationSuiteOptions<Config> {
  /** `import.meta.url` of the test: then its package's manifest, spec.json and README are tested too. */
  readonly packageOf?: string
  /**
   * What it speaks with the vendor: the vendor's handle then has `http` or `tcp`, and faults are put before it. Absent:
   * there is no network between them (a folder).
   */
  readonly speaks?: 'http' | 'tcp'
  /** The objects under test, at least one. */
  readonly objects: readonly ObjectCase[]
  /** Starts the vendor or its stand-in, empty, on this machine. Called once; the suite stops it. */
  start(): Promise<VendorHandle<Config>>
  /** Configs of earlier versions, which must stay valid. */
  readonly earlierConfigs?: readonly unknown[]
  /** Time that a check of a bad config may take, milliseconds. @default 10000 */
  readonly checkWithinMs?: number
}

/** An object under test. Its capabilities decide which tests are registered, before any vendor runs. */
export interface ObjectCase {
  readonly name: string
  /** All that it can do; compared with what the object says. */
  readonly operations: readonly Operation[]
  /** True: `write` answers with jobs. @default false */
  readonly jobs?: boolean
  /**
   * The n-th record, n from 0, as `upsert` takes it: valid, normalised and hashed, its match different for every n, the
   * same for the same n. Give it all kinds of fields that the object takes. Pure. The suite asks for a batch at its limit.
   */
  sample(n: number): DestinationRecord
  /** The n-th record that is well-formed and that the vendor rejects alone (no such country, blocked). Absent: it has no such. */
  readonly badSample?: (n: number) => DestinationRecord
  /**
   * What {@link VendorHandle.holdings} must tell of a record that was sent, where the vendor keeps less than it gets or
   * another form of it. @default the record
   */
  readonly holds?: (record: DestinationRecord) => DestinationRecord
  /**
   * Fields of free text, which must arrive unchanged whatever characters they hold.
   * @default fields of the sample that are text without format, oneOf, normalize and hash
   */
  readonly freeText?: readonly string[]
}

/** A running vendor, and the suite's eyes and hands in it. */
export interface VendorHandle<Config> {
  /** A config that works, as a person writes it. */
  readonly config: Partial<Config>
  /**
   * Where it speaks HTTP: the vendor's address without a slash at the end, and the config that finds it under another one.
   * The suite puts a proxy before it that injects faults; the path, the query, the headers (Host too) and the body go through.
   */
  readonly http?: { readonly url: string; configFor(url: string): Partial<Config> }
  /** Where it speaks another protocol over TCP: the suite's proxy cuts and stalls connections. */
  readonly tcp?: {
    readonly host: string
    readonly port: number
    configFor(host: string, port: number): Partial<Config>
  }
  /** Configs that are valid but wrong (a false token, no such host), and what `check` must call them. */
  readonly badConfigs?: readonly BadConfig<Config>[]
  /**
   * What the vendor holds now, in any order: after `append` the events, after other operations the records. Fields that
   * are unset are null or absent. Reads what the vendor really has, never through the destination's code.
   */
  holdings(object: string, operation: Operation): Promise<readonly DestinationRecord[]>
  /** Takes away all that was written, jobs too. */
  clear(): Promise<void>
  /** Lets the vendor's jobs go on by a step. The suite calls it between two polls. */
  advance?(): Promise<void>
  /** What the object of a case is called here, where only the running vendor decides it. @default the case's name */
  objectName?(name: string): string
  stop(): Promise<void>
}

export interface BadConfig<Config> {
  /** What is wrong, as the test's failure says it: `a false token`. */
  readonly title: string
  readonly config: Partial<Config>
  readonly kind: ConnectorErrorKind
}
