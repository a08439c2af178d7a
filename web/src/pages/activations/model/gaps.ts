/** What is missing in an activation before it can be saved or published, each at its place, in words. */
import type { Definition, Part, Path } from './definition.js'
import { fieldOf, keyInUse, modesOf, requiredLeft, type TargetObject, titleOf } from './fit.js'

/** Something that is wrong at a place of a definition. */
export interface PlacedProblem {
  readonly path: Path
  readonly message: string
  readonly remedy: string
}

export interface Gap extends PlacedProblem {
  /** True: without it there is nothing that could be saved. */
  readonly keepsFromSaving: boolean
}

/**
 * @param object that is chosen; undefined where none is, or the destination did not say yet
 * @param opened fields that somebody began to map, without a value yet
 */
export function gapsOf(
  definition: Definition,
  object: TargetObject | undefined,
  opened: readonly string[],
): readonly Gap[] {
  const { segment, destination, object: chosen, match } = definition
  return [
    ...(segment === '' ? [missing(['segment'], 'No segment is chosen', 'Choose who is sent.')] : []),
    ...(destination === '' ? [missing(['destination'], 'No destination is chosen', 'Choose a tool.')] : []),
    ...(destination !== '' && chosen === ''
      ? [missing(['object'], 'It is not said what is written there', 'Choose one of the tool’s objects.')]
      : []),
    ...(chosen !== '' && Object.keys(match).length === 0
      ? [missing(['match'], 'Nothing says yet who is who there', 'Choose by what the tool finds people.')]
      : []),
    ...blanks(definition, 'match', object),
    ...blanks(definition, 'fields', object),
    ...(object === undefined ? [] : misfits(definition, object)),
    ...opened
      .filter((name) => !requiredLeft(definition, object ?? NO_OBJECT).some((field) => field.name === name))
      .map((name) =>
        gap(
          ['fields', name],
          `Nothing is chosen for ${titleOf(object, name)}`,
          'Choose a value, or remove the field.',
        ),
      ),
  ]
}

const NO_OBJECT = { fields: [] } as unknown as TargetObject

function misfits(definition: Definition, object: TargetObject): readonly Gap[] {
  const { mode, match, fields = {} } = definition
  const called = object.title
  const unknown = (['match', 'fields'] as const).flatMap((part) =>
    object.openFields
      ? []
      : Object.keys(part === 'match' ? match : fields)
          .filter((name) => fieldOf(object, name) === undefined)
          .map((name) =>
            gap([part, name], `${called} has no field ${name}`, 'Choose another field, or remove it.'),
          ),
  )
  const isFound =
    object.matchKeys.length === 0 || Object.keys(match).length === 0 || keyInUse(definition, object)
  return [
    ...(modesOf(object).includes(mode)
      ? []
      : [gap(['mode'], `${called} cannot do this`, 'Choose another way of sending.')]),
    ...unknown,
    ...(isFound
      ? []
      : [
          gap(
            ['match'],
            `${called} cannot find people by this`,
            'Fill in all of a key, or choose another one.',
          ),
        ]),
    ...requiredLeft(definition, object).map((field) =>
      gap(
        ['fields', field.name],
        `${called} needs ${field.title ?? field.name}`,
        'Choose what is sent as it.',
      ),
    ),
  ]
}

function blanks(definition: Definition, part: Part, object: TargetObject | undefined): readonly Gap[] {
  return Object.entries(definition[part] ?? {}).flatMap(([name, value]) => {
    if (typeof value !== 'object') return []
    const told = [
      [part, name],
      `The text of ${titleOf(object, name)} is empty`,
      'Write it, or choose another value.',
    ] as const
    // A file cannot have an empty template.
    if ('template' in value && value.template.trim() === '') return [missing(...told)]
    return 'constant' in value && value.constant === '' ? [gap(...told)] : []
  })
}

const missing = (path: Path, message: string, remedy: string): Gap => ({
  path,
  message,
  remedy,
  keepsFromSaving: true,
})

const gap = (path: Path, message: string, remedy: string): Gap => ({
  path,
  message,
  remedy,
  keepsFromSaving: false,
})

/** What the server says beside what the form knows already: one thing is told once, at its closest place. */
export function allProblems(
  gaps: readonly Gap[],
  ofServer: readonly PlacedProblem[],
): readonly PlacedProblem[] {
  const told = new Set(gaps.map(({ path }) => path.join('\0')))
  const needsFields = gaps.some(({ path }) => path[0] === 'fields')
  const further = ofServer.filter(
    ({ path }) => !told.has(path.join('\0')) && !(needsFields && path.length === 1 && path[0] === 'fields'),
  )
  return [...gaps, ...further]
}

/** Problems at a place, and inside of it. */
export function problemsAt(problems: readonly PlacedProblem[], ...place: Path): readonly PlacedProblem[] {
  return problems.filter(({ path }) => place.every((key, index) => path[index] === key))
}

/** Problems of a place itself, and of nothing inside of it. */
export function problemsOf(problems: readonly PlacedProblem[], ...place: Path): readonly PlacedProblem[] {
  return problemsAt(problems, ...place).filter(({ path }) => path.length === place.length)
}
