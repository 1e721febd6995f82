// Which package may import which; the arrows of ARCHITECTURE.md, checked by `npm run check:arrows`.
// Tests may use the test world besides, which no program may.
const only = (name, from, allowed) => ({
  name,
  severity: 'error',
  from: { path: from, pathNot: '([.]test[.]tsx?$|/test-world/)' },
  to: { path: '^packages/', pathNot: [from, ...allowed] },
})

module.exports = {
  forbidden: [
    {
      name: 'no-circles',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    only('contract-stands-alone', '^packages/contract/', []),
    only('object-store-stands-alone', '^packages/object-store/', []),
    only('repository-uses-object-store', '^packages/repository/', ['^packages/(object-store|contract)/']),
    only('server-never-reads-repositories', '^packages/server/', ['^packages/(object-store|contract)/']),
    only('console-uses-contract', '^packages/console/', ['^packages/contract/']),
    {
      // The console awaits its German catalogue before anything else runs: what that loads would wait for itself.
      name: 'german-texts-load-nothing-else',
      severity: 'error',
      from: { path: '^packages/console/src/texts/de([.]|-)' },
      to: { pathNot: '^packages/console/src/texts/de([.]|-)', dependencyTypesNot: ['type-only'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)dist/' },
    parser: 'tsc',
    tsPreCompilationDeps: true,
    combinedDependencies: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default'],
      extensions: ['.ts', '.tsx', '.js', '.mjs', '.cjs', '.json'],
    },
  },
}
