/** Statements are taken apart as ClickHouse reads them, whatever stands in literals and comments. */
import assert from 'node:assert/strict'
import fc from 'fast-check'
import { ClickHouseException } from './errors.js'
import { tokens } from './lexer.js'
import { parseStatement } from './statement.js'

const file = { path: '/s/f', compression: 'none' }

const LOADS = [
  [
    'INSERT INTO t FORMAT TSV\n1\t2',
    "INSERT INTO t  FROM INFILE '/s/f' COMPRESSION 'none'  FORMAT TSV",
    '1\t2',
  ],
  [
    'insert into t (a, b) values (1, 2)',
    "insert into t (a, b)  FROM INFILE '/s/f' COMPRESSION 'none'  FORMAT Values",
    ' (1, 2)',
  ],
  [
    'INSERT INTO TABLE db.values SETTINGS x=1 FORMAT CSV \r\n\n1',
    "INSERT INTO TABLE db.values  FROM INFILE '/s/f' COMPRESSION 'none' SETTINGS x=1  FORMAT CSV",
    '\n1',
  ],
  [
    "INSERT INTO FUNCTION file('a', 'TSV') VALUES (1)",
    "INSERT INTO FUNCTION file('a', 'TSV')  FROM INFILE '/s/f' COMPRESSION 'none'  FORMAT Values",
    ' (1)',
  ],
  [
    "INSERT INTO t SELECT 'input(1) FORMAT X' AS s /* input('n') */, a FROM input('a Int8, b Enum(''x'' = 1)') -- FORMAT Y\n SETTINGS max_threads=1 FORMAT TSV\ndata",
    "INSERT INTO t SELECT 'input(1) FORMAT X' AS s /* input('n') */, a FROM file('/s/f', 'TSV', 'a Int8, b Enum(''x'' = 1)', 'none') -- FORMAT Y\n SETTINGS max_threads=1 ",
    'data',
  ],
  [
    'INSERT INTO t (SELECT a FROM input("a Int8")) FORMAT JSONEachRow {}',
    `INSERT INTO t (SELECT a FROM file('/s/f', 'JSONEachRow', "a Int8", 'none')) `,
    '{}',
  ],
  [
    'INSERT INTO t WITH x AS (SELECT 1) SELECT format FROM input() FORMAT Parquet',
    "INSERT INTO t WITH x AS (SELECT 1) SELECT format FROM file('/s/f', 'Parquet', 'auto', 'none') ",
    '',
  ],
] as const

const SELECTS = [
  ['SELECT 1', "SELECT 1\nINTO OUTFILE '/p' APPEND FORMAT TSV", undefined],
  ['SELECT 1 -- why\n;', "SELECT 1\nINTO OUTFILE '/p' APPEND FORMAT TSV", undefined],
  [
    'SELECT ";", \';\' FORMAT JSON SETTINGS a=1;',
    "SELECT \";\", ';' \nINTO OUTFILE '/p' APPEND FORMAT JSON SETTINGS a=1",
    'JSON',
  ],
  [
    "SELECT format('{}', x) AS format FROM t",
    "SELECT format('{}', x) AS format FROM t\nINTO OUTFILE '/p' APPEND FORMAT TSV",
    undefined,
  ],
  [
    'WITH a AS (SELECT 1) SELECT * FROM a format CSV',
    "WITH a AS (SELECT 1) SELECT * FROM a \nINTO OUTFILE '/p' APPEND format CSV",
    'CSV',
  ],
  ['(SELECT $$ ; FORMAT X $$)', "(SELECT $$ ; FORMAT X $$)\nINTO OUTFILE '/p' APPEND FORMAT TSV", undefined],
  ["SELECT 'é'", "SELECT 'é'\nINTO OUTFILE '/p' APPEND FORMAT TSV", undefined],
] as const

const REFUSED = [
  ['SELECT 1; DROP TABLE t', 62],
  ['DROP TABLE a; DROP TABLE b', 62],
  ['INSERT INTO t SELECT 1 FORMAT TSV\n\nDROP TABLE t', 62],
  ["INSERT INTO t FROM INFILE 'x' FORMAT TSV\n\nDROP TABLE t", 62],
  ["SELECT 1 INTO OUTFILE 'x'", 48],
] as const

const latin1 = (text: string): string => Buffer.from(text).toString('latin1')

describe('local/clickhouse/statement', () => {
  for (const [sql, rendered, data] of LOADS) {
    it(`finds the data of ${JSON.stringify(sql)}`, () => {
      const statement = parseStatement(latin1(sql))
      assert.ok(statement?.kind === 'load')
      assert.deepEqual([statement.render(file), latin1(sql).slice(statement.dataOffset)], [rendered, data])
    })
  }

  for (const [sql, rendered, format] of SELECTS) {
    it(`directs the output of ${JSON.stringify(sql)}`, () => {
      const statement = parseStatement(latin1(sql))
      assert.ok(statement?.kind === 'select')
      assert.deepEqual([statement.render('/p', 'TSV'), statement.format], [rendered, format])
    })
  }

  for (const [sql, code] of REFUSED) {
    it(`refuses ${JSON.stringify(sql)}`, () => {
      assert.throws(() => parseStatement(latin1(sql)), { name: 'ClickHouseException', code })
    })
  }

  it('leaves other statements as they are, and knows a client’s query id in KILL', () => {
    assert.deepEqual(parseStatement('SHOW TABLES FORMAT JSON;'), {
      kind: 'other',
      keyword: 'SHOW',
      format: 'JSON',
      sql: 'SHOW TABLES FORMAT JSON',
    })
    const kill = parseStatement("KILL QUERY WHERE query_id = 'query_id' ASYNC")
    assert.ok(kill?.kind === 'other')
    assert.equal(
      kill.sql,
      "KILL QUERY WHERE splitByChar(char(31), Settings['log_comment'])[1] = 'query_id' ASYNC",
    )
    assert.equal(parseStatement(' -- nothing\n ; '), undefined)
  })

  it('reads any text in order and without an unexpected error', () => {
    const piece = fc.constantFrom(
      ...[
        'SELECT',
        ' ',
        "'",
        '"',
        '`',
        '\\',
        '--',
        '\n',
        '/*',
        '*/',
        '$$',
        '(',
        ')',
        ';',
        'FORMAT',
        'INSERT',
        'INTO',
        'VALUES',
        'input',
        '1',
      ],
    )
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc.array(piece).map((parts) => parts.join('')),
        ),
        (text) => {
          let last = 0
          for (const token of tokens(text)) {
            assert.ok(token.start >= last && token.end > token.start)
            last = token.end
          }
          try {
            const statement = parseStatement(text)
            if (statement?.kind === 'load') statement.render(file)
          } catch (error) {
            assert.ok(error instanceof ClickHouseException)
          }
        },
      ),
      { numRuns: 2000 },
    )
  })
})
