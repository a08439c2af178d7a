/**
 * The faults that real APIs have, drawn from a seed: the same seed gives a client that asks the same questions the same
 * faults. After a fault, the listing's next request is answered properly, so a client that tries again gets through.
 */
import { createHash } from 'node:crypto'

export const FaultKind = {
  /** 429 with Retry-After. */
  RateLimit: 'rateLimit',
  /** 500. */
  ServerError: 'serverError',
  /** The connection closes in the middle of the body. */
  CutPage: 'cutPage',
  /** The page before is sent once more. */
  DuplicatePage: 'duplicatePage',
  /** All access tokens stop working. */
  TokenExpiry: 'tokenExpiry',
} as const
export type FaultKind = (typeof FaultKind)[keyof typeof FaultKind]

/** Share of a listing's requests that meet each kind, 0 to 1; together at most 1. What is left out does not happen. */
export type FaultRates = Partial<Readonly<Record<FaultKind, number>>>

/** Every kind, about every thirtieth request: a read of the example's data meets each of them. */
export const REAL_FAULTS: FaultRates = {
  rateLimit: 0.03,
  serverError: 0.04,
  cutPage: 0.04,
  duplicatePage: 0.04,
  tokenExpiry: 0.03,
}

export class FaultPlan {
  readonly counts: Record<FaultKind, number> = {
    rateLimit: 0,
    serverError: 0,
    cutPage: 0,
    duplicatePage: 0,
    tokenExpiry: 0,
  }
  readonly #seed: number
  readonly #rates: FaultRates
  readonly #listings = new Map<string, { requests: number; faultBefore: boolean }>()

  constructor(seed: number, rates: FaultRates) {
    this.#seed = seed
    this.#rates = rates
  }

  /** The fault of this listing's next request. `first`: its first page, which no page comes before. */
  next(listing: string, first: boolean): FaultKind | undefined {
    const state = this.#listings.get(listing) ?? { requests: 0, faultBefore: false }
    this.#listings.set(listing, state)
    state.requests += 1
    const kind = state.faultBefore ? undefined : this.#draw(`${this.#seed} ${listing} ${state.requests}`)
    const happens = kind !== undefined && !(first && kind === FaultKind.DuplicatePage)
    state.faultBefore = happens
    if (!happens) {
      return undefined
    }
    this.counts[kind] += 1
    return kind
  }

  #draw(text: string): FaultKind | undefined {
    let rest = createHash('sha256').update(text).digest().readUInt32BE() / 2 ** 32
    for (const kind of Object.values(FaultKind)) {
      rest -= this.#rates[kind] ?? 0
      if (rest < 0) {
        return kind
      }
    }
    return undefined
  }
}
