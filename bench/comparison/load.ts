/** Load by autocannon, which comes with the packages of the peers. */
import { createRequire } from 'node:module';
import { peersFolder } from './contestants.ts';

interface LoadResult {
  readonly '2xx': number;
  readonly non2xx: number;
  readonly errors: number;
  readonly timeouts: number;
}

type Autocannon = (options: Record<string, unknown>) => Promise<LoadResult>;

/** Sends the query over `connections` connections for `seconds`; how many were answered with 200, and how many were not. */
export async function load(
  url: string,
  query: string,
  connections: number,
  seconds: number,
): Promise<{ answered: number; failed: number }> {
  const autocannon = createRequire(`${peersFolder}/package.json`)('autocannon') as Autocannon;
  const result = await autocannon({
    ...{ url: `${url}/graphql`, method: 'POST', connections, duration: seconds, timeout: 30 },
    ...{ headers: { 'content-type': 'application/json' }, body: JSON.stringify({ query }) },
  });
  return { answered: result['2xx'], failed: result.non2xx + result.errors + result.timeouts };
}
