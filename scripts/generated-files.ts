/** Every file that is made from another, with how. `npm run generate` writes them, `npm run ok` checks that none is stale. */
import { printSchema } from 'graphql';
import { loadSettings, buildEditorSchema, describeSettings } from '../gateway/config/index.ts';
import { loadFacadeOffline } from '../gateway/cli/load-facade-offline.ts';
import { loadGraphOffline } from '../gateway/cli/load-graph-offline.ts';
import { generateIntrospection } from '../web/generate-introspection.ts';
import { generateClientTypes } from './generate-client-types.ts';
import { buildOxlintConfig } from './write-oxlint-config.ts';

export interface GeneratedFile {
  readonly file: string;
  readonly build: () => string | Promise<string>;
  /** Formatted like everything else; the others are exact output of a tool. */
  readonly isFormatted: boolean;
}

const SETTINGS = 'tributary.yaml';
const json = (value: unknown): string => `${JSON.stringify(value, undefined, 2)}\n`;

export const generatedFiles: readonly GeneratedFile[] = [
  { file: '.oxlintrc.json', build: () => json(buildOxlintConfig()), isFormatted: true },
  { file: 'settings.schema.json', build: () => json(buildEditorSchema()), isFormatted: true },
  { file: 'docs/reference/settings.md', build: buildSettingsPage, isFormatted: true },
  { file: 'schema/supergraph.graphql', build: () => loadGraphOffline(SETTINGS, {}).supergraphSdl, isFormatted: false },
  { file: 'schema/api.graphql', build: () => printSchema(loadGraphOffline(SETTINGS, {}).apiSchema), isFormatted: true },
  { file: 'schema/rest/openapi.json', build: () => buildOpenapi(), isFormatted: false },
  { file: 'schema/rest/openapi.v1.json', build: () => buildOpenapi('v1'), isFormatted: false },
  {
    file: 'web/graphql-env.d.ts',
    build: () => generateIntrospection(printSchema(loadGraphOffline(SETTINGS, {}).apiSchema)),
    isFormatted: true,
  },
  ...clientTypes(),
];

/** After the documents they are made from: those are read from their files. */
function clientTypes(): GeneratedFile[] {
  return [
    ['schema/generated/rest/v1.ts', 'schema/rest/openapi.v1.json'],
    ['schema/generated/rest/v2.ts', 'schema/rest/openapi.json'],
  ].map(([file = '', document = '']) => ({ file, build: () => generateClientTypes(document), isFormatted: true }));
}

function buildOpenapi(version?: string): string {
  const { settings } = loadSettings({ file: SETTINGS, env: {} });
  const facade = loadFacadeOffline(settings, loadGraphOffline(SETTINGS, {}).apiSchema)!;
  return json(version === undefined ? facade.openapi : facade.describe(version));
}

function buildSettingsPage(): string {
  const rows = describeSettings().map(
    ({ path, type, default: fallback, description }) =>
      `| \`${path}\` | ${escapeCell(type)} | ${fallback === undefined ? '' : `\`${escapeCell(String(fallback))}\``} | ${escapeCell(description)} |`,
  );
  return [
    '# Settings',
    '',
    'Every option of `tributary.yaml`. This page is generated from the schema that checks the file',
    '(`gateway/config/settings-schema.ts`). Durations and sizes carry their unit: `250ms`, `5s`, `8MB`. An option can also be',
    'set by the environment: its path in capitals with double underscores, `TRIBUTARY_SERVER__PORT=4000`.',
    '',
    '| option | type | default | meaning |',
    '| --- | --- | --- | --- |',
    ...rows,
    '',
  ].join('\n');
}

const escapeCell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');
