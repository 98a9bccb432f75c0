/** Measures one use case in every column, one column after the other, on the same gateway. */
import type { Json } from '../facade/index.ts';
import { createClientCache } from './client-cache.ts';
import { couplingOf } from './coupling.ts';
import type { Exchange } from './exchange.ts';
import { compareLeaves } from './leaves.ts';
import { percentilesOf, type Percentiles } from './percentile.ts';
import { createPlayer, dataOf, type Player } from './player.ts';
import type { Places } from './build-requests.ts';
import type { CaseResult, Cell, Cost, Skipped, UpstreamCall } from './report.ts';
import { UseCaseError } from './template.ts';
import { columns, type Column } from './columns.ts';
import { roundsOf, type UseCase } from './use-case.ts';
import { verdictOf } from './verdict.ts';

/** The graph does not answer a need, so there is nothing to compare with. */
export class NeedError extends Error {
  override readonly name = 'NeedError';
}

/** The gateway that is measured, and what only it knows. */
export interface MeasuredGateway {
  readonly url: string;
  readonly places: Places;
  /** Richardson's levels it serves. */
  readonly levels: readonly number[];
  /** Calls to services that requests with these ids have caused. */
  upstreamCalls(requestIds: readonly string[]): Promise<readonly UpstreamCall[]>;
  /** CPU milliseconds of the gateway's process so far; undefined when others work in that process too. */
  cpuMs(): Promise<number | undefined>;
  /** Begins or ends a fault of a service, without memory of earlier calls; undefined when the gateway cannot. */
  readonly setFault: ((fault: UseCase['fault'] | undefined) => Promise<void>) | undefined;
}

export interface RunCaseOptions {
  readonly gateway: MeasuredGateway;
  readonly mode: 'warm' | 'cold';
  /** Timed runs of a cell without a simulated round trip, and with one. */
  readonly runs: number;
  readonly delayedRuns: number;
  /** Simulated round-trip times, in milliseconds. */
  readonly roundTrips: readonly number[];
  readonly nextNumber: () => number;
  /** Milliseconds; monotonic. */
  readonly now: () => number;
}

/** A mistake in the steps ends one cell, with its reason; throws when the gateway cannot be reached. */
export async function runCase(useCase: UseCase, options: RunCaseOptions): Promise<CaseResult> {
  const { name, shows, services, need, fault, right, verify } = useCase;
  const needed = right === undefined ? await answerNeed(useCase, options) : null;
  const cells: Partial<Record<Column, Cell | Skipped>> = {};
  for (const column of columns) cells[column] = await runCell(useCase, column, needed, options);
  return {
    ...{ name, shows, services, need, right },
    fault:
      fault === undefined
        ? undefined
        : `${fault.service} ${typeof fault.answer === 'number' ? `answers ${fault.answer}` : `${fault.answer}s`}`,
    asks: verify?.asks,
    cells: cells as CaseResult['cells'],
  };
}

/** What GraphQL answers while nothing is wrong: it says which leaves are needed. */
async function answerNeed(useCase: UseCase, options: RunCaseOptions): Promise<Json> {
  const { gateway } = options;
  const player = createPlayer({ ...useCase, failuresBefore: 0 }, 'POST', { ...options, ...gateway });
  try {
    const played = await player.run();
    await player.finish(played);
    if (!useCase.writes) for (const { response } of played.exchanges) refuseErrors(useCase.name, response.body);
    return played.exchanges.map(({ response }) => dropNulls(dataOf(response.body)));
  } finally {
    player.close();
  }
}

/** A root field that is null says that something was refused: it is no leaf that another column could lack. */
const dropNulls = (data: Json): Json =>
  data === null || typeof data !== 'object' || Array.isArray(data)
    ? data
    : Object.fromEntries(Object.entries(data).filter(([, value]) => value !== null));

/** A comparison against an answer with holes would be worth nothing. */
function refuseErrors(name: string, body: string): void {
  const { errors } = bodyOf(body) as { errors?: { message: string }[] };
  if (errors !== undefined) throw new NeedError(`"${name}" cannot be answered: ${errors[0]?.message}`);
}

async function runCell(
  useCase: UseCase,
  column: Column,
  needed: Json,
  options: RunCaseOptions,
): Promise<Cell | Skipped> {
  const { gateway } = options;
  const level = /^L(\d)$/.exec(column)?.[1];
  if (level !== undefined && !gateway.levels.includes(Number(level))) {
    return { kind: 'skipped', reason: `level ${level} is switched off: facade.levels` };
  }
  const { fault } = useCase;
  if (fault !== undefined && gateway.setFault === undefined) {
    return { kind: 'skipped', reason: 'a service has to fail for this: use the command' };
  }
  const player = createPlayer(useCase, column, { ...options, ...gateway });
  try {
    if (fault !== undefined) await gateway.setFault?.(fault);
    return await measureCell(useCase, column, needed, player, options);
  } catch (error) {
    if (!(error instanceof UseCaseError)) throw error;
    return { kind: 'skipped', reason: error.message };
  } finally {
    player.close();
    if (fault !== undefined) await gateway.setFault?.(undefined);
  }
}

async function measureCell(
  useCase: UseCase,
  column: Column,
  needed: Json,
  player: Player,
  options: RunCaseOptions,
): Promise<Cell> {
  const { gateway, mode, now } = options;
  const { right, writes } = useCase;
  await player.prepare();
  if (mode === 'warm' && useCase.fault === undefined) await player.finish(await player.run());

  const { exchanges, ...played } = await player.run();
  const verified = await player.finish({ exchanges, ...played });
  const repeat = writes ? undefined : await runTwice(player, now);
  const first = await costOf(exchanges, gateway);
  const timed = right === undefined ? await measureTime(player, options) : { latency: {}, cpuMs: undefined };

  const statuses = exchanges.map(({ response }) => response.status);
  const bodies = exchanges.map(({ response }) => bodyOf(response.body));
  const leaves = right === undefined ? compareLeaves(needed, bodies, !writes) : { missing: [], overFetch: undefined };
  const cell = {
    ...{ statuses, first: first.cost, verified, exchanges, ...leaves, ...timed },
    repeat: repeat && {
      ...(await costOf(repeat, gateway)).cost,
      notModified: repeat.filter(({ source }) => source === 'revalidated').length,
      fromCache: repeat.filter(({ source }) => source === 'cache').length,
    },
    cacheControl: [...new Set(exchanges.map(({ response }) => response.headers['cache-control'] ?? 'none'))],
    underFetch: Math.max(0, exchanges.length - 1),
    coupling: couplingOf(column, roundsOf(useCase, column)),
    isStatusRight: right?.includes(statuses.at(-1) ?? 0),
    upstream: first.calls,
  };
  return { kind: 'measured', ...cell, verdict: verdictOf(cell) };
}

/** The second of two runs of a client that remembers the first. */
async function runTwice(player: Player, now: () => number): Promise<readonly Exchange[]> {
  const cache = createClientCache(now);
  await player.run({ cache });
  return (await player.run({ cache })).exchanges;
}

async function measureTime(player: Player, { gateway, roundTrips, runs, delayedRuns }: RunCaseOptions) {
  const latency: Record<string, Percentiles> = {};
  let cpuMs: number | undefined;
  for (const roundTripMs of roundTrips) {
    const count = roundTripMs === 0 ? runs : delayedRuns;
    const times: number[] = [];
    const before = await gateway.cpuMs();
    const played = [];
    for (let i = 0; i < count; i++) {
      const run = await player.run({ roundTripMs });
      times.push(Math.max(...run.exchanges.map(({ end }) => end)));
      played.push(run);
    }
    const after = await gateway.cpuMs();
    for (const run of played) await player.finish(run);
    latency[String(roundTripMs)] = percentilesOf(times);
    if (roundTripMs === 0 && before !== undefined && after !== undefined) cpuMs = (after - before) / count;
  }
  return { latency, cpuMs };
}

async function costOf(
  exchanges: readonly Exchange[],
  gateway: MeasuredGateway,
): Promise<{ readonly cost: Cost; readonly calls: readonly UpstreamCall[] }> {
  const sent = exchanges.filter(({ source }) => source !== 'cache');
  const calls = await gateway.upstreamCalls(sent.map(({ requestId }) => requestId));
  const sum = (name: keyof Exchange['bytes']) => sent.reduce((total, { bytes }) => total + bytes[name], 0);
  const cost = {
    requests: sent.length,
    rounds: new Set(sent.map(({ round }) => round)).size,
    bytesUp: sum('up'),
    bytesDown: sum('down'),
    bytesDecoded: sum('decoded'),
    upstreamCalls: calls.length,
  };
  return { cost, calls };
}

function bodyOf(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return null;
  }
}
