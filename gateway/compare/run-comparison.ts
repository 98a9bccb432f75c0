/** Runs all use cases and says under which conditions. */
import { availableParallelism, platform, release } from 'node:os';
import type { Report } from './report.ts';
import { runCase, type RunCaseOptions } from './run-case.ts';
import type { UseCase } from './use-case.ts';

export interface ComparisonOptions extends RunCaseOptions {
  readonly cases: readonly UseCase[];
  readonly at: Date;
  readonly onCase?: (name: string) => void;
}

/** Rejects when the gateway cannot be reached. */
export async function runComparison(options: ComparisonOptions): Promise<Report> {
  const { cases, at, mode, runs, delayedRuns, roundTrips, onCase = () => {} } = options;
  const results = [];
  for (const useCase of cases) {
    onCase(useCase.name);
    results.push(await runCase(useCase, options));
  }
  return {
    at: at.toISOString(),
    machine: { node: process.version, cores: availableParallelism(), platform: `${platform()} ${release()}` },
    ...{ mode, runs, delayedRuns, roundTrips },
    fairness: fairnessOf(options),
    cases: results,
  };
}

/** The rules of facade.md 8.4, with what they were in this run. */
const fairnessOf = ({ mode, runs, delayedRuns }: ComparisonOptions): string[] => [
  'One process answers all columns: the same gateway, the same graph, the same services.',
  'All columns use the same connectors; the REST routes are operations over the graph that GraphQL asks.',
  'Nobody logs in, in any column.',
  'Every client accepts gzip; what is compressed is decided by the server.',
  mode === 'warm'
    ? 'Warm: one run before the measured ones; connections are kept alive; the gateway keeps its plans.'
    : 'Cold: no run before the measured ones; each run opens a connection of its own.',
  'A repeat is made by a client with a cache: fresh answers are used again, others are asked for with their tag.',
  `Times: ${runs} runs a cell without a simulated round trip, ${delayedRuns} with one. The delay is added before each request, since loopback has none; handshakes are not simulated.`,
  'GraphQL by GET sends stored queries by their hash; the storing is not counted. It cannot write: mutations stay a POST.',
  'A leaf is needed when the answer to the GraphQL need has the same member with the same value. GraphQL can hardly over-fetch here: it was asked for just that.',
];
