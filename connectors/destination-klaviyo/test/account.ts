/**
 * An account of Klaviyo in memory: profiles, lists, import jobs. Written from the OpenAPI description of revision 2026-07-15
 * (https://github.com/klaviyo/openapi) and
 * https://developers.klaviyo.com/en/docs/use_klaviyos_bulk_profile_import_api.
 */
export interface ProfileInput {
  readonly type: 'profile'
  readonly attributes: Readonly<Record<string, unknown>>
}

export interface Profile {
  readonly id: string
  readonly attributes: Map<string, unknown>
  readonly properties: Map<string, unknown>
}

export interface List {
  readonly id: string
  readonly name: string
  readonly members: Set<string>
}

export interface ImportError {
  readonly id: string
  readonly code: string
  readonly title: string
  readonly detail: string
  readonly pointer: string
  readonly original: Readonly<Record<string, unknown>>
}

export interface Job {
  readonly id: string
  status: 'queued' | 'processing' | 'complete' | 'cancelled'
  readonly profiles: readonly ProfileInput[]
  readonly listId: string | undefined
  readonly errors: ImportError[]
  readonly done: Set<string>
}

export interface Account {
  readonly profiles: Map<string, Profile>
  readonly lists: Map<string, List>
  readonly jobs: Map<string, Job>
  find(field: string, value: unknown): Profile | undefined
  submit(profiles: readonly ProfileInput[], listId: string | undefined): Job
  /** Every job by one step: queued, processing, complete. */
  advance(): void
  /** The account's owner stops a job. */
  cancel(jobId: string): void
  /** As PATCH: null clears, what is not given stays. */
  update(profile: Profile, attributes: Readonly<Record<string, unknown>>, unset: readonly string[]): void
  clear(): void
}

const IDENTIFIERS = ['email', 'phone_number', 'external_id']
/** Addresses that Klaviyo finds out about only when the job runs. */
const BLOCKED = /@blocked\./

export function createAccount(): Account {
  let next = 1
  const profiles = new Map<string, Profile>()
  /** Profiles by identifier; an entry of an identifier that was changed is stale. */
  const index = new Map<string, Profile>()
  const lists = new Map<string, List>(
    [
      ['LAPSED', 'Lapsed customers'],
      ['NEWS', 'Newsletter'],
    ].map(([id, name]) => [id!, { id: id!, name: name!, members: new Set<string>() }]),
  )
  const jobs = new Map<string, Job>()

  const self: Account = {
    profiles,
    lists,
    jobs,
    find(field, value) {
      const profile = index.get(keyOf(field, value))
      return profile && keyOf(field, profile.attributes.get(field)) === keyOf(field, value)
        ? profile
        : undefined
    },
    submit(given, listId) {
      const id = Buffer.from(`${listId ?? ''}:${String(next++).padStart(6, '0')}`).toString('base64url')
      const job: Job = { id, status: 'queued', profiles: given, listId, errors: [], done: new Set() }
      jobs.set(id, job)
      return job
    },
    advance() {
      for (const job of jobs.values()) {
        if (job.status === 'queued') job.status = 'processing'
        else if (job.status === 'processing') {
          job.profiles.forEach((profile, row) => void run(job, profile, row))
          job.status = 'complete'
        }
      }
    },
    cancel(jobId) {
      const job = jobs.get(jobId)
      if (job) job.status = 'cancelled'
    },
    update(profile, attributes, unset) {
      for (const [name, value] of Object.entries(attributes)) {
        if (name === 'properties') merge(profile.properties, value)
        else if (name === 'location') mergeLocation(profile, value)
        else if (value === null) profile.attributes.delete(name)
        else profile.attributes.set(name, name === 'email' ? String(value).toLowerCase() : value)
      }
      for (const name of unset) profile.properties.delete(name)
      for (const name of IDENTIFIERS) index.set(keyOf(name, profile.attributes.get(name)), profile)
    },
    clear() {
      index.clear()
      profiles.clear()
      jobs.clear()
      for (const list of lists.values()) list.members.clear()
    },
  }

  const run = (job: Job, { attributes }: ProfileInput, row: number): void => {
    const fail = (code: string, field: string, detail: string): void => {
      const id = `${job.id}-${row}`
      job.errors.push({
        id,
        code,
        title: 'Invalid input.',
        detail,
        pointer: `/data/attributes/${field}`,
        original: attributes,
      })
    }
    if (BLOCKED.test(String(attributes.email ?? ''))) {
      fail('invalid', 'email', `${attributes.email} cannot be imported.`)
      return
    }
    const found = new Set(
      IDENTIFIERS.flatMap((name) =>
        attributes[name] === undefined ? [] : (self.find(name, attributes[name]) ?? []),
      ),
    )
    if (found.size > 1) {
      fail('duplicate_profile', 'phone_number', `A profile already exists with ${attributes.phone_number}.`)
      return
    }
    const [known] = found
    const profile = known ?? {
      id: `01P${String(next++).padStart(6, '0')}`,
      attributes: new Map(),
      properties: new Map(),
    }
    profiles.set(profile.id, profile)
    // An import clears nothing: nulls are passed over.
    self.update(profile, withoutNulls(attributes), [])
    job.done.add(profile.id)
    if (job.listId !== undefined) lists.get(job.listId)?.members.add(profile.id)
  }
  return self
}

/** Addresses are told apart without regard to case, other identifiers with it. */
const keyOf = (field: string, value: unknown): string =>
  `${field} ${field === 'email' ? String(value ?? '').toLowerCase() : String(value ?? '')}`

function merge(properties: Map<string, unknown>, value: unknown): void {
  for (const [name, one] of Object.entries((value ?? {}) as Record<string, unknown>))
    properties.set(name, one)
}

function mergeLocation(profile: Profile, value: unknown): void {
  const before = (profile.attributes.get('location') ?? {}) as Record<string, unknown>
  const location = { ...before, ...(value as Record<string, unknown>) }
  for (const [name, one] of Object.entries(location)) if (one === null) delete location[name]
  profile.attributes.set('location', location)
}

function withoutNulls(attributes: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(attributes)
      .filter(([, value]) => value !== null)
      .map(([name, value]) => [
        name,
        name === 'properties' || name === 'location'
          ? withoutNulls(value as Readonly<Record<string, unknown>>)
          : value,
      ]),
  )
}
