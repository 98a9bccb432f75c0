/** One contestant in one round: started, checked, warmed up, measured, checked again, stopped. */
import { isDeepStrictEqual } from 'node:util';
import type { Contestant, Run } from './contestants.ts';
import { load } from './load.ts';
import { startProgram } from './program.ts';

export interface Measurement {
  readonly contestant: string;
  readonly cpuMsPerRequest: number;
  readonly requests: number;
  readonly failed: number;
  readonly callsPerRequest: number;
  readonly peakMemoryMb: number;
}

export interface Effort {
  readonly connections: number;
  readonly warmUpSeconds: number;
  readonly seconds: number;
}

/** Throws when the contestant does not start, or its answer is not the expected one before or after the load. */
export async function measure(contestant: Contestant, run: Run, effort: Effort): Promise<Measurement> {
  const { file, args, folder, env } = contestant;
  const program = await startProgram({
    file,
    ...(args === undefined ? {} : { args: (port) => args(run, port) }),
    ...(folder === undefined ? {} : { folder }),
    env: env?.(run) ?? {},
  });
  const { connections, warmUpSeconds, seconds } = effort;
  const { query, expected } = run.workload;
  try {
    await check(program.url, query, expected);
    await load(program.url, query, connections, warmUpSeconds);
    const [before, callsBefore] = [await program.usage(), await countCalls(run.servicesUrl)];
    const { answered, failed } = await load(program.url, query, connections, seconds);
    const [after, callsAfter] = [await program.usage(), await countCalls(run.servicesUrl)];
    await check(program.url, query, expected);
    return {
      ...{ contestant: contestant.name, requests: answered, failed, peakMemoryMb: after.peakMemoryMb },
      cpuMsPerRequest: (after.cpuMs - before.cpuMs) / answered,
      callsPerRequest: (callsAfter - callsBefore) / answered,
    };
  } finally {
    await program.stop();
  }
}

async function check(url: string, query: string, expected: unknown): Promise<void> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
  });
  const { data, errors } = (await response.json()) as { data?: unknown; errors?: unknown };
  if (isDeepStrictEqual(data, expected)) return;
  throw new Error(`a wrong answer (${response.status}): ${JSON.stringify(errors ?? data).slice(0, 300)}`);
}

async function countCalls(servicesUrl: string): Promise<number> {
  const { requests } = (await (await fetch(`${servicesUrl}/stats`)).json()) as { requests: number };
  return requests;
}
