/** The reference of the latency benchmarks: what Temporal itself takes for a workflow of three activities. */
import { proxyActivities } from '@temporalio/workflow'

const { nothing } = proxyActivities<{ nothing(): Promise<void> }>({ startToCloseTimeout: '10s' })

export async function threeActivities(): Promise<void> {
  await nothing()
  await nothing()
  await nothing()
}
