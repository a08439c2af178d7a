import assert from 'node:assert/strict'
import { CommanderError } from 'commander'
import { asksForJson, errorDocument } from './error-document.js'
import { Interrupted, UsageError } from './errors.js'

const named = (name: string, message: string, more: object = {}) =>
  Object.assign(new Error(message), { name, ...more })

describe('an error as a JSON document', () => {
  const cases: readonly [string, unknown, object][] = [
    [
      'says what happened and what to do',
      named('SourceUnknown', 'syncing shop: there is none; run tributary apply'),
      { code: 'SourceUnknown', message: 'syncing shop: there is none', remedy: 'run tributary apply' },
    ],
    ['may have no remedy', new Error('no'), { code: 'Failed', message: 'no' }],
    ['may be no error', 'no', { code: 'Failed', message: 'no' }],
    [
      'has the kind of a connector error',
      named('ConnectorError', 'checking: 401; renew it', { kind: 'AuthExpired' }),
      { code: 'AuthExpired', message: 'checking: 401', remedy: 'renew it' },
    ],
    [
      'has the type of the failure that it carries',
      named('ApplyFailed', 'applying: outdated; plan again', { type: 'ParentOutdated' }),
      { code: 'ParentOutdated', message: 'applying: outdated', remedy: 'plan again' },
    ],
    [
      'holds the problems of a workspace',
      named('WorkspaceInvalid', 'applying: 1 error', { problems: [{ file: 'a.yaml' }] }),
      { code: 'WorkspaceInvalid', message: 'applying: 1 error', problems: [{ file: 'a.yaml' }] },
    ],
    [
      'tells what cannot be reached',
      Object.assign(new Error('connect'), { code: 'ECONNREFUSED' }),
      {
        code: 'Unreachable',
        message: 'reaching ClickHouse: connect',
        remedy: 'start the local stack with tributary up, or check CLICKHOUSE_URL',
      },
    ],
    ['tells wrong use', new UsageError('no'), { code: 'UsageError', message: 'no' }],
    ['tells Ctrl-C', new Interrupted('stopped'), { code: 'Interrupted', message: 'stopped' }],
    [
      'tells what commander refuses',
      new CommanderError(
        1,
        'commander.unknownCommand',
        "error: unknown command 'snyc'\n(Did you mean sync?)",
      ),
      {
        code: 'UsageError',
        message: "reading the arguments: unknown command 'snyc'",
        remedy: 'did you mean sync?',
      },
    ],
    [
      'tells that there is no command',
      new CommanderError(1, 'commander.help', '(outputHelp)'),
      { code: 'UsageError', message: 'reading the arguments: there is no command', remedy: 'see --help' },
    ],
  ]
  for (const [what, error, document] of cases) {
    it(what, () => assert.deepEqual(errorDocument(error), { error: document }))
  }

  it('is asked for by --json before any --', () => {
    assert.deepEqual([['sync', '--json'], ['sync', '--', '--json'], ['sync']].map(asksForJson), [
      true,
      false,
      false,
    ])
  })
})
