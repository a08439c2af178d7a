/**
 * What is wrong with an activation's file beyond its schema: names that nothing bears, templates that cannot be read, and, where
 * the destination's object is known before anything runs, what it does not take. Pure.
 */
import { prepareField } from '@tributary/connector-sdk'
import type { ActivationFile, ActivationValue } from '@tributary/schemas'
import { nearestName } from '@tributary/schemas'
import { type Misfit, misfitsOf } from '../plan/drift.js'
import { parseValue, referencesOf } from '../plan/values/expression.js'
import type { Reference } from '../plan/values/reference.js'
import type { AnyObject } from '../types.js'

export interface ActivationProblem {
  /** From the file's root. */
  readonly path: readonly (string | number)[]
  readonly message: string
  readonly remedy: string
}

/** What an activation may name. */
export interface ActivationNames {
  readonly segments: ReadonlySet<string>
  readonly destinations: ReadonlySet<string>
  readonly traits: ReadonlySet<string>
  readonly identifiers: ReadonlySet<string>
  /** The objects of a destination; undefined where it has to be asked for them. */
  objectsOf(destination: string): readonly AnyObject[] | undefined
}

/** Every problem of one file. */
export function checkActivation(
  definition: ActivationFile,
  names: ActivationNames,
): readonly ActivationProblem[] {
  const { segment, destination, match, fields = {}, consent = [] } = definition
  return [
    ...(segment === '*' ? [] : unknown(['segment'], 'segment', segment, names.segments)),
    ...unknown(['destination'], 'destination', destination, names.destinations),
    ...Object.entries(match).flatMap(([name, value]) => [
      ...checkValue(['match', name], value, names),
      ...(typeof value === 'object' && 'split' in value ? [splitInMatch(name)] : []),
    ]),
    ...Object.entries(fields).flatMap(([name, value]) => checkValue(['fields', name], value, names)),
    ...Object.keys(fields)
      .filter((name) => Object.hasOwn(match, name))
      .map((name) => overlapping(name)),
    ...consent.flatMap((purpose, index) => checkPurpose(purpose, index, names.traits)),
    ...(names.destinations.has(destination) ? checkObject(definition, names.objectsOf(destination)) : []),
  ]
}

function checkValue(
  path: ActivationProblem['path'],
  value: ActivationValue,
  names: ActivationNames,
): ActivationProblem[] {
  if (typeof value === 'object' && 'split' in value) return checkShares(path, value.split)
  try {
    return referencesOf(parseValue(value)).flatMap((reference) => checkReference(path, reference, names))
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    const [message, remedy = 'correct it'] = error.message.split('; ')
    return [{ path, message: message!, remedy }]
  }
}

function checkReference(
  path: ActivationProblem['path'],
  reference: Reference,
  { traits, identifiers }: ActivationNames,
): ActivationProblem[] {
  switch (reference.is) {
    case 'identifier':
      return identifiers.has(reference.type)
        ? []
        : [
            {
              path,
              message: `identity.yaml knows no identifier ${reference.type}`,
              remedy: remedyFor(reference.type, identifiers, 'identifiers are'),
            },
          ]
    case 'trait':
      return checkTrait(path, reference.name, traits)
    default:
      return []
  }
}

function checkTrait(
  path: ActivationProblem['path'],
  trait: string,
  traits: ReadonlySet<string>,
): ActivationProblem[] {
  if (traits.has(trait)) return []
  return [
    {
      path,
      message: `nothing makes the trait ${trait}`,
      remedy: remedyFor(trait, traits, 'map it, or use one of'),
    },
  ]
}

/** Without the trait nobody has consented, and nobody would be sent. */
function checkPurpose(purpose: string, index: number, traits: ReadonlySet<string>): ActivationProblem[] {
  if (traits.has(`consent.${purpose}`)) return []
  const prefix = 'consent.'
  const purposes = [...traits]
    .filter((trait) => trait.startsWith(prefix))
    .map((trait) => trait.slice(prefix.length))
  return [
    {
      path: ['consent', index],
      message: `nothing says who consented to ${purpose}: there is no trait consent.${purpose}`,
      remedy: remedyFor(purpose, purposes, 'map it, or use one of'),
    },
  ]
}

/** Shares are written as decimals, whose sum may be off by a little. */
const SHARE_TOLERANCE = 1e-6

function checkShares(
  path: ActivationProblem['path'],
  split: Readonly<Record<string, number>>,
): ActivationProblem[] {
  const sum = Object.values(split).reduce((total, share) => total + share, 0)
  if (Math.abs(sum - 1) <= SHARE_TOLERANCE) return []
  return [
    {
      path: [...path, 'split'],
      message: `the shares are ${Number(sum.toFixed(6))} in sum`,
      remedy: 'make them 1 in sum',
    },
  ]
}

const splitInMatch = (name: string): ActivationProblem => ({
  path: ['match', name],
  message: 'records cannot be found by a split: the split is made by what they are found by',
  remedy: 'use an identifier',
})

const overlapping = (name: string): ActivationProblem => ({
  path: ['fields', name],
  message: `${name} stands under match already`,
  remedy: 'take it out of fields: what a record is found by is sent with it',
})

function checkObject(
  definition: ActivationFile,
  objects: readonly AnyObject[] | undefined,
): readonly ActivationProblem[] {
  if (objects === undefined) return []
  const object = objects.find(({ name }) => name === definition.object)
  if (object === undefined) {
    const message = `${definition.destination} has no object ${definition.object}`
    const remedy = remedyFor(
      definition.object,
      objects.map(({ name }) => name),
      'objects are',
    )
    return [{ path: ['object'], message, remedy }]
  }
  return [...misfitsOf(definition, object).map(problemOf), ...checkConstants(definition, object)]
}

function problemOf({ path, message, instead }: Misfit): ActivationProblem {
  if (path[0] === 'mode') return { path, message, remedy: `use ${instead.join(' or ') || 'another object'}` }
  if (path.length === 2) return { path, message, remedy: remedyFor(path[1]!, instead, 'fields are') }
  return { path, message, remedy: instead.length === 0 ? 'map it' : `match by ${instead.join(', or by ')}` }
}

/** What is the same for everybody is known to be refused before anybody is sent. */
function checkConstants({ match, fields = {} }: ActivationFile, object: AnyObject): ActivationProblem[] {
  return Object.entries({ match, fields }).flatMap(([part, values]) =>
    Object.entries(values).flatMap(([name, value]): ActivationProblem[] => {
      if (typeof value !== 'object' || !('constant' in value) || !Object.hasOwn(object.fields, name))
        return []
      const prepared = prepareField(object.fields[name]!, name, value.constant)
      if (!('reason' in prepared)) return []
      return [{ path: [part, name, 'constant'], message: prepared.reason, remedy: 'write another value' }]
    }),
  )
}

function unknown(
  path: ActivationProblem['path'],
  kind: string,
  name: string,
  known: ReadonlySet<string>,
): ActivationProblem[] {
  if (known.has(name)) return []
  return [{ path, message: `there is no ${kind} ${name}`, remedy: remedyFor(name, known, 'there are') }]
}

/** How many names a remedy lists. */
const LISTED = 20

function remedyFor(name: string, known: Iterable<string>, introduction: string): string {
  const names = [...known].sort()
  const meant = nearestName(name, names)
  if (meant !== undefined) return `did you mean ${meant}?`
  return `${introduction}: ${names.slice(0, LISTED).join(', ') || 'none'}`
}
