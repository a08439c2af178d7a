/** Around every activity: its errors become failures of the taxonomy, and a run of bad luck leaves a trace in the log. */
import { type Context, log } from '@temporalio/activity'
import type { ActivityInboundCallsInterceptor } from '@temporalio/worker'
import { toFailure } from './failures.js'

/** From this attempt on a crash loop is likely, and nothing else would show it. */
const WARN_ATTEMPT = 5

export function failureInterceptor(context: Context): ActivityInboundCallsInterceptor {
  return {
    async execute(input, next) {
      const { attempt, activityType } = context.info
      if (attempt > 1) {
        const message = `attempt ${attempt} of ${activityType}`
        if (attempt >= WARN_ATTEMPT) log.warn(message)
        else log.info(message)
      }
      try {
        return await next(input)
      } catch (error) {
        throw toFailure(error)
      }
    },
  }
}
