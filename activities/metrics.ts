/** What the worker counts for Prometheus, beside Temporal's own metrics. Tags are names of this workspace, never ids. */
import { metricMeter } from '@temporalio/activity'
import type { HttpRequestMetric } from '@tributary/connector-sdk'
import type { SliceResult } from '../workflows/contract.js'

export interface SliceTags {
  readonly source: string
  readonly stream: string
}

/** Rows, bytes and rejects of a slice that ended, how long it took, and how far behind its cursor is. */
export function countSlice(tags: SliceTags, result: SliceResult, seconds: number): void {
  const labels = { ...tags }
  metricMeter
    .createHistogram('tributary_slice_duration', 'float', 's', 'Time of one slice')
    .record(seconds, labels)
  const { load } = result
  if (load === undefined) return
  metricMeter.createCounter('tributary_rows_loaded', '1', 'Rows that slices brought').add(load.rows, labels)
  metricMeter.createCounter('tributary_bytes_read', 'By', 'Bytes that slices read').add(load.bytes, labels)
  metricMeter.createCounter('tributary_rows_rejected', '1', 'Rows kept aside').add(load.rejects, labels)
  const cursorMs = Date.parse(load.cursorTime ?? '')
  if (Number.isNaN(cursorMs)) return
  const lag = Math.max(0, (Date.now() - cursorMs) / 1000)
  metricMeter.createGauge('tributary_cursor_lag', 'float', 's', 'Age of the newest cursor').set(lag, labels)
}

/** One request of a connector, by what came of it. */
export function countRequest(
  { kind, id }: { readonly kind: 'source' | 'destination'; readonly id: string },
  request: HttpRequestMetric,
): void {
  metricMeter
    .createCounter(`tributary_${kind}_requests`, '1', `Requests to ${kind}s`)
    .add(1, { [kind]: id, status: String(request.status ?? 'none') })
}

/** Records of a delivery that ended, by what became of them. */
export function countDelivery(
  activation: string,
  records: { readonly acknowledged: number; readonly rejected: number; readonly withheld: number },
): void {
  const counter = metricMeter.createCounter('tributary_records_sent', '1', 'Records of activations')
  for (const [outcome, count] of Object.entries(records)) counter.add(count, { activation, outcome })
}
