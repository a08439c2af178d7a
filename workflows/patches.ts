/** Changes of workflow code that recorded histories must still replay through; each with the day from which it may be removed. */

/** Refreshes that began before activations existed ask for none. Removable from 2027-03: no refresh is open for months. */
export const ACTIVATE_AFTER_REFRESH = '2026-11-activate-after-refresh'

/** Runs that were cut short before this told what they knew, not what the log knows, and noted nothing. Removable from 2027-03. */
export const CLOSE_PLAN = '2026-11-close-plan'
