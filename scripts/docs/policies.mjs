/** The policies of activities as reference: the values of the built module, the words of its source. */
import { code, table } from './markdown.mjs'

/**
 * @param {string} source text of workflows/policies.ts
 * @param {Record<string, object>} policies its exports
 */
export function policiesTable(source, policies) {
  const order = [...source.matchAll(/^export const (\w+)/gm)].map(([, name]) => name)
  const rows = order
    .filter((name) => policies[name]?.startToCloseTimeout)
    .map((name) => {
      const policy = policies[name]
      return [
        code(name),
        commentBefore(source, name),
        policy.taskQueue ? code(policy.taskQueue) : code('tributary'),
        policy.startToCloseTimeout,
        policy.scheduleToCloseTimeout ?? '',
        policy.heartbeatTimeout ?? '',
        retryWords(policy.retry ?? {}),
      ]
    })
  const titles = ['policy', 'for', 'task queue', 'one attempt', 'all attempts', 'heartbeat', 'retry']
  return table(titles, rows)
}

/** Priorities of slices by why their run was started. */
export function prioritiesTable({ priorityOf }) {
  return table(
    ['a run because of', 'priority'],
    Object.entries(priorityOf).map(([reason, priority]) => [code(reason), priority]),
  )
}

function commentBefore(source, name) {
  const match = new RegExp(`/\\*\\* ([^*]*) \\*/\\nexport const ${name}\\b`).exec(source)
  return match?.[1] ?? ''
}

function retryWords({ initialInterval, backoffCoefficient, maximumInterval, maximumAttempts }) {
  return [
    initialInterval && `after ${initialInterval}, ×${backoffCoefficient} up to ${maximumInterval}`,
    maximumAttempts ? `${maximumAttempts} attempts` : 'attempts unlimited',
  ]
    .filter(Boolean)
    .join('; ')
}
