/**
 * `tributary check`: is everything sound, and what changed? Alone it builds the graph and the routes as `serve` would, and
 * names deprecated fields that live routes select. With `--against` the API is compared with an earlier state, with `--contract`
 * with one that was designed by hand.
 */
import { TypeInfo, visit, visitWithTypeInfo, type GraphQLSchema } from 'graphql';
import { isStepAllowed, stepOf, type Change, type Step } from '../compare/changes/change.ts';
import { compareGraphs } from '../compare/changes/compare-graphs.ts';
import { compareOpenApi, compareWithContract } from '../compare/changes/compare-openapi.ts';
import { loadSettings } from '../config/index.ts';
import type { Facade } from '../facade/index.ts';
import type { CommandIo } from './command.ts';
import { exitCodes, type ExitCode } from './exit-codes.ts';
import { loadFacadeOffline } from './load-facade-offline.ts';
import { loadGraphOffline } from './load-graph-offline.ts';
import { readDescription, type Description, type NoDescription, type OpenApi } from './read-description.ts';
import { printOutcome } from './report.ts';

export interface CheckFlags {
  readonly config: string;
  readonly json?: boolean;
  readonly against?: string;
  readonly contract?: string;
  readonly with?: string;
}

interface Comparison {
  readonly from: string | null;
  readonly to: string | null;
  readonly step: Step;
  readonly isAllowed: boolean;
  readonly changes: readonly Change[];
}

export async function check(flags: CheckFlags, io: CommandIo): Promise<ExitCode> {
  const other = flags.contract ?? flags.against;
  if (other === undefined) {
    if (flags.with === undefined) return checkAll(flags, io);
    return refuse('--with names what is compared, so it needs --against or --contract', io);
  }
  if (flags.contract !== undefined && flags.against !== undefined)
    return refuse('--against and --contract are two questions: ask one at a time', io);
  const before = await readDescription(other);
  if (before.kind === 'none') return refuseDescription(before, io);
  const after = flags.with === undefined ? currentDescription(flags, io, before) : await readDescription(flags.with);
  if (after.kind === 'none') return refuseDescription(after, io);
  return flags.contract === undefined
    ? checkAgainst(before, after, flags, io)
    : checkContract(before, after, flags, io);
}

function refuse(message: string, io: CommandIo): ExitCode {
  io.err(`error[USAGE] ${message}`);
  return exitCodes.usage;
}

function refuseDescription({ reason, isNetwork }: NoDescription, io: CommandIo): ExitCode {
  if (!isNetwork) return refuse(reason, io);
  io.err(`error[NETWORK] ${reason}`);
  return exitCodes.network;
}

function checkAgainst(before: Description, after: Description, flags: CheckFlags, io: CommandIo): ExitCode {
  const comparison = compare(before, after);
  if (comparison === undefined) return refuse('An OpenAPI document cannot be compared with a GraphQL schema', io);
  const exitCode = comparison.isAllowed ? exitCodes.done : exitCodes.findings;
  return printOutcome('check', { exitCode, data: comparison, text: print(comparison) }, flags.json === true, io);
}

function checkContract(contract: Description, document: Description, flags: CheckFlags, io: CommandIo): ExitCode {
  if (contract.kind !== 'openapi' || document.kind !== 'openapi')
    return refuse('A contract is an OpenAPI document, and so is what keeps it', io);
  const differences = compareWithContract(contract.document, document.document);
  const broken = differences.filter(({ severity }) => severity === 'breaking').length;
  const lines = differences.map(
    ({ severity, place, what, reason }) =>
      `${severity === 'breaking' ? 'broken ' : 'differs'}  ${place}: ${what}. ${reason}`,
  );
  const verdict = broken === 0 ? 'The contract is kept' : `The contract is broken at ${broken} places`;
  const exitCode = broken === 0 ? exitCodes.done : exitCodes.findings;
  const data = { isKept: broken === 0, differences };
  return printOutcome('check', { exitCode, data, text: [...lines, verdict].join('\n') }, flags.json === true, io);
}

/** What the settings file makes now, of the same kind and version as what it is compared with. */
function currentDescription(flags: CheckFlags, io: CommandIo, before: Description): Description | NoDescription {
  const { settings } = loadSettings({ file: flags.config, env: io.env });
  const { apiSchema } = loadGraphOffline(flags.config, io.env);
  if (before.kind === 'graph') return { kind: 'graph', schema: apiSchema };
  const facade = loadFacadeOffline(settings, apiSchema);
  if (facade === undefined) {
    const reason = 'The settings have no REST routes: facade.operations is not set';
    return { kind: 'none', reason, isNetwork: false };
  }
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
