/** What part of the package's data is laid out: the extract that stands in git, or everything. */

export interface Selection {
  /** This many households, chosen by the hash of their id among those with demographics; undefined: every household. */
  readonly households?: number
  /** First day of the till's transactions, `YYYY-MM-DD`. */
  readonly from: string
  /** The day after the last one. */
  readonly to: string
}

/** The data under `data/`. */
export const EXTRACT: Selection = { households: 300, from: '2017-07-01', to: '2018-01-01' }

/** The whole package: every household, the whole year and the few hours of the night after it. */
export const EVERYTHING: Selection = { from: '2017-01-01', to: '2018-01-02' }
