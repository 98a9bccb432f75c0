/**
 * `tributary check`: is everything sound, and what changed? Without `--against` the graph and the routes are built as `serve`
 * would, and deprecated fields that live routes select are named. With it the API is compared with an earlier state.
 */
import { existsSync, readFileSync } from 'node:fs';
import { TypeInfo, visit, visitWithTypeInfo, type GraphQLSchema } from 'graphql';
import { isStepAllowed, stepOf, type Change, type Step } from '../compare/changes/change.ts';
import { compareGraphs } from '../compare/changes/compare-graphs.ts';
import { compareOpenApi } from '../compare/changes/compare-openapi.ts';
import { loadSettings } from '../config/index.ts';
import type { Facade, Json } from '../facade/index.ts';
import type { CommandIo } from './command.ts';
import { exitCodes, type ExitCode } from './exit-codes.ts';
import { loadFacadeOffline } from './load-facade-offline.ts';
import { loadGraphOffline } from './load-graph-offline.ts';
import { readSchemaText } from './read-schema.ts';
import { printOutcome } from './report.ts';

export interface CheckFlags {
  readonly config: string;
  readonly json?: boolean;
  readonly against?: string;
  readonly with?: string;
}

type OpenApi = { readonly [name: string]: Json };

/** A description of an API, as a file holds it or as the settings give it. */
type Description =
  { readonly kind: 'openapi'; readonly document: OpenApi } | { readonly kind: 'graph'; readonly schema: GraphQLSchema };

interface Comparison {
  readonly from: string | null;
  readonly to: string | null;
  readonly step: Step;
  readonly isAllowed: boolean;
  readonly changes: readonly Change[];
}

export async function check(flags: CheckFlags, io: CommandIo): Promise<ExitCode> {
  if (flags.against === undefined) {
    if (flags.with === undefined) return checkAll(flags, io);
    io.err('error[USAGE] --with names what is compared, so it needs --against');
    return exitCodes.usage;
  }
  const missing = [flags.against, flags.with].find((file) => file !== undefined && !existsSync(file));
  if (missing !== undefined) {
    io.err(`error[USAGE] There is no file "${missing}"`);
    return exitCodes.usage;
  }
  const before = readDescription(flags.against);
  const after = flags.with === undefined ? currentDescription(flags, io, before) : readDescription(flags.with);
  if (typeof before === 'string' || typeof after === 'string') {
    io.err(`error[USAGE] ${[before, after].find((one) => typeof one === 'string')}`);
    return exitCodes.usage;
  }
  const comparison = compare(before, after);
  if (comparison === undefined) {
    io.err('error[USAGE] An OpenAPI document cannot be compared with a GraphQL schema');
    return exitCodes.usage;
  }
  const exitCode = comparison.isAllowed ? exitCodes.done : exitCodes.findings;
  return printOutcome('check', { exitCode, data: comparison, text: print(comparison) }, flags.json === true, io);
}

function readDescription(file: string): Description | string {
  const text = readFileSync(file, 'utf8');
  try {
    if (/^\s*\{\s*"/.test(text)) {
      const document = JSON.parse(text) as OpenApi;
      return 'openapi' in document ? { kind: 'openapi', document } : `"${file}" is JSON, but no OpenAPI document`;
    }
    return { kind: 'graph', schema: readSchemaText(text) };
  } catch (error) {
    return `"${file}" is neither an OpenAPI document in JSON nor a GraphQL schema: ${(error as Error).message}`;
  }
}

/** What the settings file makes now, of the same kind and version as what it is compared with. */
function currentDescription(flags: CheckFlags, io: CommandIo, before: Description | string): Description | string {
  const { settings } = loadSettings({ file: flags.config, env: io.env });
  const { apiSchema } = loadGraphOffline(flags.config, io.env);
  if (typeof before === 'string' || before.kind === 'graph') return { kind: 'graph', schema: apiSchema };
  const facade = loadFacadeOffline(settings, apiSchema);
  if (facade === undefined) return 'The settings have no REST routes: facade.operations is not set';
  return { kind: 'openapi', document: facade.describe(versionOf(before.document)) ?? facade.openapi };
}

/** The version that the addresses of a document are of, such as `v1` of `/rest/v1`. */
function versionOf({ servers }: OpenApi): string | undefined {
  const url = (servers as { url?: string }[] | undefined)?.[0]?.url;
  return /\/(v\d+)$/.exec(url ?? '')?.[1];
}

const infoVersion = ({ info }: OpenApi): string | undefined => (info as { version?: string } | undefined)?.version;

function compare(before: Description, after: Description): Comparison | undefined {
  if (before.kind === 'openapi' && after.kind === 'openapi') {
    const changes = compareOpenApi(before.document, after.document);
    const [from, to] = [infoVersion(before.document), infoVersion(after.document)];
    const step = stepOf(changes);
    return { from: from ?? null, to: to ?? null, step, isAllowed: isStepAllowed(step, from, to), changes };
  }
  if (before.kind !== 'graph' || after.kind !== 'graph') return undefined;
  const changes = compareGraphs(before.schema, after.schema);
  const step = stepOf(changes);
  // A graph has no versions: what breaks, breaks.
  return { from: null, to: null, step, isAllowed: step !== 'major', changes };
}

function print({ from, to, step, isAllowed, changes }: Comparison): string {
  const lines = changes.map(
    ({ severity, place, what, reason }) => `${severity.padEnd(9)}  ${place}: ${what}. ${reason}`,
  );
  const versions = from === null || to === null ? '' : `, from ${from} to ${to}`;
  const verdict = isAllowed
    ? ''
    : from === null
      ? ': this breaks clients'
      : ': this breaks clients of a published major';
  return [...lines, `${changes.length} changes, a ${step} step${versions}${verdict}`].join('\n');
}

function checkAll(flags: CheckFlags, io: CommandIo): ExitCode | Promise<ExitCode> {
  const { settings } = loadSettings({ file: flags.config, env: io.env });
  const { apiSchema, subgraphs } = loadGraphOffline(flags.config, io.env);
  const facade = loadFacadeOffline(settings, apiSchema);
  const deprecated = facade === undefined ? [] : findDeprecated(facade, apiSchema);
  const data = { subgraphs: subgraphs.length, routes: facade?.routes.length ?? 0, deprecated };
  const lines = deprecated.map(({ operation, field, reason }) => `warning  ${operation} selects ${field}. ${reason}`);
  const text = [...lines, `${data.subgraphs} subgraphs and ${data.routes} routes are sound`].join('\n');
  return printOutcome('check', { exitCode: exitCodes.done, data, text }, flags.json === true, io);
}

interface DeprecatedUse {
  readonly operation: string;
  readonly field: string;
  readonly reason: string;
}

/** Fields that are on their way out and that a live route still needs. */
function findDeprecated(facade: Facade, schema: GraphQLSchema): DeprecatedUse[] {
  return facade.operations.flatMap(({ name, document }) => {
    const uses = new Map<string, DeprecatedUse>();
    const types = new TypeInfo(schema);
    visit(
      document,
      visitWithTypeInfo(types, {
        Field() {
          const reason = types.getFieldDef()?.deprecationReason;
          if (reason == null) return;
          const field = `${types.getParentType()?.name}.${types.getFieldDef()!.name}`;
          uses.set(field, { operation: name, field, reason });
        },
      }),
    );
    return [...uses.values()];
  });
}
