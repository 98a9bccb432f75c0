/**
 * Writes .oxlintrc.json. Who may import whom (docs/explanation/architecture.md) is a list of what is forbidden, folder by
 * folder; an override replaces the rule above it, so each one repeats the general patterns.
 */

const FOLDERS = [
  ...['cli', 'compare', 'config', 'connectors', 'execution', 'facade', 'planning', 'server', 'supergraph', 'upstream'],
] as const;
type Folder = (typeof FOLDERS)[number];

/** What each folder below gateway/ may import, besides errors/ and itself. */
const MAY_IMPORT: Record<Folder, readonly Folder[]> = {
  cli: ['server', 'facade', 'compare', 'execution', 'supergraph', 'planning', 'config', 'connectors', 'upstream'],
  server: ['facade', 'compare', 'execution', 'planning', 'supergraph', 'config', 'connectors', 'upstream'],
  compare: ['facade'],
  execution: ['planning', 'connectors', 'upstream'],
  planning: [],
  supergraph: ['connectors', 'upstream'],
  connectors: ['upstream'],
  facade: [],
  config: ['upstream'],
  upstream: [],
};

/** Parts of a folder that a folder may import although it may not import the whole: the facade speaks the mapping language. */
const MAY_IMPORT_PART: Partial<
  Record<Folder, { readonly from: Folder; readonly part: string; readonly others: readonly string[] }>
> = {
  facade: { from: 'connectors', part: 'mapping', others: ['*.ts', 'runtime/**', 'spec/**', 'validation/**'] },
};

const GENERAL = { group: ['graphql/**'], message: "import from 'graphql'" };

const restrict = (files: string[], group: readonly string[], message: string) => ({
  files,
  rules: { 'no-restricted-imports': ['error', { patterns: [GENERAL, { group, message }] }] },
});

export function buildOxlintConfig(): object {
  const folders = FOLDERS.map((folder) => {
    const allowed = MAY_IMPORT[folder];
    const forbidden = FOLDERS.filter((other) => other !== folder && !allowed.includes(other));
    const part = MAY_IMPORT_PART[folder];
    // An "everything but" pattern lets imports through, so the other parts are listed.
    const patterns = forbidden.flatMap((other) =>
      other === part?.from ? part.others.map((below) => `**/${other}/${below}`) : [`**/${other}/**`],
    );
    const names = [...allowed.map((other) => ` ${other}/`), ...(part ? [` ${part.from}/${part.part}/`] : [])];
    const message = `${folder}/ may import errors/${names.join('')} only`;
    return restrict([`gateway/${folder}/**`], [...patterns, '**/subgraphs/**'], message);
  });
  return {
    $schema: './node_modules/oxlint/configuration_schema.json',
    plugins: ['typescript', 'unicorn', 'oxc', 'import', 'vitest', 'node'],
    categories: { correctness: 'error', suspicious: 'warn' },
    options: { typeAware: true },
    ignorePatterns: ['dist', 'web/dist', 'coverage', 'node_modules', 'schema/generated'],
    rules: {
      'import/no-cycle': 'error',
      'import/no-named-as-default-member': 'off',
      'import/no-unassigned-import': ['error', { allow: ['**/*.css'] }],
      'no-underscore-dangle': ['error', { allow: ['__typename'] }],
      // Every switch here is held exhaustive by the type-aware rule below.
      'typescript/consistent-return': 'off',
      'typescript/no-floating-promises': 'error',
      'typescript/no-misused-promises': 'error',
      'typescript/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      // Borders (JSON, drivers, graphql-js) hand over unknown values; each assertion there is a decision already made.
      'typescript/no-unsafe-type-assertion': 'off',
      // graphql-js declares its kinds as an enum; comparing with the literal is its documented use.
      'typescript/no-unsafe-enum-comparison': 'off',
      'unicorn/no-useless-spread': 'off',
      'unicorn/no-array-sort': 'off',
      'unicorn/filename-case': ['error', { case: 'kebabCase' }],
      'no-restricted-imports': ['error', { patterns: [GENERAL] }],
    },
    overrides: [
      restrict(
        ['gateway/errors/**'],
        FOLDERS.map((folder) => `**/${folder}/**`),
        'errors/ imports nothing of ours',
      ),
      ...folders,
      restrict(['subgraphs/**'], ['**/gateway/**'], "use the package's public exports"),
      {
        files: ['test/**'],
        rules: {
          'vitest/expect-expect': 'off',
          'vitest/require-mock-type-parameters': 'off',
          // Scenario tables and their player expect by what a row says.
          'vitest/no-conditional-expect': 'off',
          'vitest/no-standalone-expect': 'off',
          'vitest/valid-expect': ['error', { maxArgs: 2 }],
        },
      },
    ],
  };
}
