/** The page of what conditions of segments mean: the table of operators, computed, and the rules around it. */
import { code, table } from './markdown.mjs'

const RULES = `
## Values

Values are texts, numbers, truth values, times or lists of texts, and are never converted: a text \`10\` is not the number 10. NaN
and infinite numbers are dropped when rows are mapped, as if absent. A null unsets a trait, and is no property at all. An event's
empty list is no value; a trait's empty list is one, also where the source had null: columns of lists know none. Texts are compared exactly, by case and blanks. Negative operators hold wherever their
opposite does not, so also for people without a value. Regular expressions are RE2, found anywhere in the text; a dot matches no
line break unless \`(?s)\` says so.

## Times

A date is the whole day in its time zone, however long that day is: \`gt\` and \`after\` begin when it is over, \`gte\` when it
begins, \`lt\` and \`before\` end when it begins, \`lte\` when it is over. A date with a time of day is one millisecond, in the zone
unless it says its offset; a time that the clock skips is the moment of the skip, of one shown twice the earlier counts. The zone is
the condition's, else the segment's, else the workspace's.

A column of dates without a time of day (a birthday) is mapped as midnight in UTC, which west of UTC still is the day before:
compare it with \`time_zone: UTC\` in the condition.

## Windows

| window | events |
|---|---|
| none | the whole history |
| \`within: 30d\` | from now − 30 days, included, to now, excluded |
| \`between: { from: 90d, to: 30d }\` | from now − 90 days, included, to now − 30 days, excluded |
| \`since\`, \`until\` | from the moment, or the date's first; before the moment, or to the date's last |
| \`calendar: this_month\` | the period of the zone's calendar, cut at now; weeks begin on Monday |

Windows look at the time of events in milliseconds; durations have fixed lengths. An event counts when its time is before now: one
dated in the future counts from then on, one that arrives late counts at the next refresh.

## Events

| condition | holds when |
|---|---|
| \`performed\` | there is at least one matching event in the window |
| \`times\` | their number compares so; 0 includes people without any event |
| \`occurrence: first\` or \`last\` | the first or last event of the name in the whole history, by time and then row, lies in the window and fulfils \`where\` |
| \`aggregate\` | its value over the matching events compares so with a value, or with a trait of the same person |

Of no events, \`count\`, \`sum\` and \`unique\` are 0; the other aggregates have no value, and then every comparison fails but
\`not_eq\`. \`sum\`, \`avg\`, \`min\` and \`max\` look at numbers alone; sums and averages are rounded to 6 decimals, halves to even. \`unique\` and
\`most_frequent\` look at texts, numbers, truth values and times; of values that occur equally often the least counts, in the order
text (by bytes), number, truth value, time. \`first\` and \`last\` look at events that have the property. Compared with a trait,
\`eq\` needs two texts, numbers or truth values, and the order operators two numbers or two times; anything else fails.

## Sequences

Each step's event is later than the one before, by a millisecond at least; from the first to the last passes no more than \`within\`. A step with \`not\`
between two others: no such event strictly between them. As the last step: no such event after the one before it until the first step's time plus
\`within\`, and that time is over. It holds when some choice of events fulfils it.

## People

| condition | holds when |
|---|---|
| \`segment\` | the person is in that segment, by its own zone and its own seed |
| \`list\` | some identifier of the person is on the list by its newest record |
| \`random\` | MurmurHash3 (32 bit) of \`seed:profile\`, modulo 10 000, is below the share; the seed is the segment's id by default |
| \`consent: email\` | trait \`consent.email\` is true, and trait \`suppressed\` is not |
| \`identifier\` | an identifier of the type belongs to the person and some fact is about it |
| \`everyone\` | some fact is about the person |
| \`all\`, \`any\`, \`not\` | every one, at least one, not; \`not\` is everyone else |
`

export function semanticsSections({ SEMANTICS_OPERATORS, SEMANTICS_VALUES, SEMANTICS_NOW, semanticsRow }) {
  const rows = SEMANTICS_OPERATORS.map((operator) => {
    const [[name, literal]] = Object.entries(operator)
    const shown =
      literal === true && (name === 'exists' || name === 'absent')
        ? name
        : `${name}: ${JSON.stringify(literal)}`
    return [code(shown), ...semanticsRow(operator).map((holds) => (holds ? 'yes' : '–'))]
  })
  const now = SEMANTICS_NOW.toISOString().slice(0, 16).replace('T', ' ')
  return [
    'What a definition means, in full, the same wherever it is evaluated: for everybody, for those whose data changed, for one person.',
    '## Operators',
    `Whether a condition on a trait holds, by the trait's value, at ${now} UTC. Conditions on properties of events follow the same rules.`,
    table(['operator', ...SEMANTICS_VALUES.map(([shown]) => code(shown))], rows),
    RULES.trim(),
  ]
}
