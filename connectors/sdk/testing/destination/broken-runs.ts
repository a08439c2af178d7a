/** Destinations that mix up batches, runs and jobs. */
import { rejected } from '../../destination.js'
import { type Variants, withObject } from './broken-parts.js'
import { type Answer, answersOf, event, member, post } from './suite-destination.js'

const jobsAnswered = new Set<string>()

export const BROKEN_RUNS: Variants = {
  'append without a key': [
    withObject(event, {
      write: async (context, batch) => ({
        results: answersOf(await post<Answer>(context, '/events', batch)),
      }),
    }),
    'counts a batch of append once',
  ],
  'key of the run': [
    withObject(event, {
      write: (context, batch) => event.write(context, { ...batch, idempotencyKey: context.run }),
    }),
    'keeps an event of a later batch',
  ],
  'key of the index': [
    withObject(event, {
      write: (context, batch) => event.write(context, { ...batch, idempotencyKey: `batch-${batch.index}` }),
    }),
    'keeps two runs of two activations apart',
  ],
  'key of the attempt': [
    withObject(event, {
      async write(context, batch) {
        const keyed = { ...batch, idempotencyKey: `${batch.idempotencyKey}-${performance.now()}` }
        const options = { keyed: true, idempotent: false }
        return { results: answersOf(await post<Answer>(context, '/events', keyed, options)) }
      },
    }),
    'gets over a connection that is cut after the vendor has acted',
  ],
  'who left that enters': [
    withObject(event, {
      write: (context, batch) =>
        event.write(context, {
          ...batch,
          records: batch.records.map((record) => ({ ...record, event: 'entered' })),
        }),
    }),
    'keeps who entered and who left',
  ],
  'whole that is seen too early': [
    withObject(member, {
      async write(context, batch) {
        const result = await member.write(context, batch)
        await member.finish?.(context, { operation: 'replace', batches: 1, records: 1, idempotencyKey: 'k' })
        return result
      },
    }),
    'keeps the old whole until the new one is finished',
  ],
  'empty whole that is left out': [
    withObject(member, {
      finish: async (context, run) => (run.batches === 0 ? undefined : member.finish?.(context, run)),
    }),
    'is empty after a run of no batches',
  ],
  'finish that empties when it is repeated': [
    withObject(member, { finish: async (context, run) => member.finish?.(context, { ...run, batches: 0 }) }),
    'counts a batch of replace once',
  ],
  'whole that is kept by activation': [
    withObject(member, {
      write: (context, batch) => member.write({ ...context, run: context.activation }, batch),
      finish: async (context, run) => member.finish?.({ ...context, run: context.activation }, run),
    }),
    'takes nothing over from a run that never ended',
  ],
  'job that is answered once': [
    withObject(member, {
      async poll(context, batch, job) {
        const result = await member.poll!(context, batch, job)
        const id = `${context.config.base_url} ${String(job.id)}`
        if ('job' in result) return result
        if (jobsAnswered.has(id))
          return { results: batch.records.map(() => rejected('there is no such job')) }
        jobsAnswered.add(id)
        return result
      },
    }),
    'begins a job, and answers whoever asks after it, again too',
  ],
  'job that is no JSON': [
    withObject(member, {
      async write(context, batch) {
        const result = await member.write(context, batch)
        return 'job' in result ? { ...result, job: { ...result.job, records: undefined } } : result
      },
    }),
    'puts the new whole in place of the old',
  ],
  'job with everybody in it': [
    withObject(member, {
      async write(context, batch) {
        const result = await member.write(context, batch)
        return 'job' in result
          ? { ...result, job: { ...result.job, emails: batch.records.map(({ match }) => match.email!) } }
          : result
      },
    }),
    'shows nobody by whom records are matched',
  ],
}
