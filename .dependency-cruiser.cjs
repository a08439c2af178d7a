/**
 * What may import what: the layout's rules, checked in the test command. A folder lists what it may reach; everything else
 * of the project is forbidden to it. Type-only imports are seen too, and forbidden alike but where a rule says so.
 */
const TESTS = '(\\.test\\.ts$|\\.testing\\.ts$|/test/|/fixtures/)'

/** Folders of the project (packages included) that hold product code. */
const ROOMS =
  '^(schemas|connectors|runtime|warehouse|profiles|activation|workspace|workflows|activities|operations|cli|local|web|examples|bench|test|worker\\.ts)'

/** A rule: `from` reaches nothing of the project but itself and `to`. */
function only(name, from, to, comment) {
  return {
    name,
    comment,
    severity: 'error',
    from: { path: from, pathNot: TESTS },
    to: { path: ROOMS, pathNot: [from, ...to] },
  }
}

/** The schemas and the kit, by source and by the built package that imports resolve to. */
const SCHEMAS = '^schemas/'
const SDK = '^connectors/sdk/'
const CONTRACT =
  '^workflows/(contract|command-contract|workspace-contract|refresh-contract|activation-contract|retention-contract)\\.ts$'

module.exports = {
  forbidden: [
    only('schemas-import-nothing', '^schemas/', [], 'schemas are what everybody shares'),
    only(
      'sdk-imports-schemas',
      '^connectors/sdk/',
      [SCHEMAS],
      'a connector runs in a test, a CLI and an activity alike',
    ),
    only(
      'connectors-import-the-kit',
      '^connectors/(source|destination)-[^/]+/',
      [SDK, '^connectors/postgres/'],
      'no Temporal, no warehouse, no other connector; what the two of PostgreSQL share is a package',
    ),
    only('postgres-imports-the-kit', '^connectors/postgres/', [SDK], 'what two connectors share'),
    only(
      'example-connectors-import-the-kit',
      '^examples/grocer/connectors/',
      [SDK],
      'written as an outside author would',
    ),
    only('runtime-imports-schemas', '^runtime/', [SCHEMAS], 'runtime is under everything'),
    only('warehouse-imports-schemas', '^warehouse/', [SCHEMAS], 'the warehouse knows nothing of Temporal'),
    only(
      'profiles-import-the-warehouse',
      '^profiles/',
      [SCHEMAS, '^warehouse/'],
      'plain functions and SQL over the warehouse; nothing of Temporal',
    ),
    only(
      'activation-imports-the-warehouse',
      '^activation/',
      [SCHEMAS, SDK, '^warehouse/', '^profiles/'],
      'plain functions and SQL; nothing of Temporal',
    ),
    only('workspace-imports-runtime', '^workspace/', [SCHEMAS, '^runtime/'], 'files and their meaning'),
    only(
      'local-imports-runtime',
      '^local/',
      ['^runtime/'],
      'the local stack starts processes, it does not know them',
    ),
    only(
      'workflows-import-types-of-activities',
      '^workflows/',
      [SCHEMAS, '^activities/(index|workspace)\\.ts$'],
      'workflows run in a sandbox: deterministic code only',
    ),
    only(
      'activities-stay-thin',
      '^activities/',
      [SCHEMAS, SDK, '^runtime/', '^warehouse/', '^profiles/', '^activation/', '^workspace/', CONTRACT],
      'the only place where Temporal meets the outside world',
    ),
    only(
      'operations-import-domains',
      '^operations/',
      [SCHEMAS, SDK, '^runtime/', '^warehouse/', '^profiles/', '^activation/', '^workspace/', CONTRACT],
      'one verb a file, over the domain folders',
    ),
    only(
      'server-imports-operations',
      '^server/(?!testing/)',
      ['^operations/', '^runtime/', SCHEMAS],
      'routes over operations; what they do is done there',
    ),
    only(
      'cli-imports-operations',
      '^cli/(?!demo/|commands/(demo|server)\\.ts)',
      ['^operations/', '^local/', '^runtime/', SCHEMAS, SDK, '^cli/'],
      'thin',
    ),
    only(
      'cli-starts-the-server',
      '^cli/commands/server\\.ts',
      ['^operations/', '^runtime/', SCHEMAS, '^cli/', '^server/'],
      'the command that runs the server and describes its API',
    ),
    only(
      'demo-imports-the-example',
      '^cli/(demo/|commands/demo\\.ts)',
      ['^operations/', '^local/', '^runtime/', SCHEMAS, '^cli/', '^examples/grocer/'],
      'the demo plays the example',
    ),
    only(
      'example-imports-nothing-of-the-product',
      '^examples/grocer/(?!connectors/|extract/)',
      [SDK, SCHEMAS, '^examples/grocer/'],
      'the example is what a user would have',
    ),
    {
      name: 'temporal-in-its-rooms',
      comment:
        'Temporal only in workflows/, activities/, operations/, runtime/ and the worker; local/temporal asks whether it is up',
      severity: 'error',
      from: {
        path: '^(schemas|connectors|warehouse|activation|workspace|local|examples)',
        pathNot: ['^local/temporal/', TESTS],
      },
      to: { path: 'node_modules/@temporalio/' },
    },
    {
      name: 'workflows-are-pure',
      comment: 'only the SDK for workflows; its bundler would let anything else in without a warning',
      severity: 'error',
      from: { path: '^workflows/', pathNot: TESTS },
      to: {
        path: 'node_modules/',
        pathNot: 'node_modules/(@temporalio/(workflow|common)|@tributary/schemas)/',
      },
    },
    {
      name: 'workflows-use-no-node',
      severity: 'error',
      from: { path: '^workflows/', pathNot: TESTS },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'clickhouse-client-in-the-warehouse',
      comment: 'one wire path',
      severity: 'error',
      from: {
        path: '^(schemas|connectors|workspace|workflows|operations|server|cli|runtime)',
        pathNot: TESTS,
      },
      to: { path: 'node_modules/@clickhouse/' },
    },
    {
      name: 'chdb-in-the-local-engine',
      severity: 'error',
      from: { pathNot: ['^local/clickhouse/', '^examples/grocer/extract/', TESTS] },
      to: { path: 'node_modules/chdb/' },
    },
    { name: 'no-circular', severity: 'error', from: { pathNot: TESTS }, to: { circular: true } },
    {
      name: 'no-undeclared-packages',
      severity: 'error',
      from: { path: ROOMS, pathNot: TESTS },
      // A workspace package is resolved to its sources.
      to: {
        dependencyTypes: ['npm-no-pkg', 'npm-unknown', 'unknown', 'undetermined'],
        pathNot: '^(schemas|connectors)/',
      },
    },
    {
      name: 'product-uses-no-test-code',
      severity: 'error',
      from: { path: ROOMS, pathNot: ['^(test|bench)/', TESTS] },
      to: { path: [TESTS, '^(test|bench)/'] },
    },
  ],
  options: {
    parser: 'swc',
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)dist/' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.js', '.mjs', '.json'],
      conditionNames: ['import', 'node', 'types'],
    },
    // Imports end in `.js` and mean the `.ts` beside.
    webpackConfig: { fileName: './scripts/resolve-ts.cjs' },
  },
}
