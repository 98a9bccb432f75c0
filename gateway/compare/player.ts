/** A client of one column: plays the steps of a use case as often as it is asked, each run with values of its own. */
import type { Json } from '../facade/index.ts';
import { storeQuery, type Places } from './build-requests.ts';
import type { ClientCache } from './client-cache.ts';
import { connect, type Connection } from './exchange.ts';
import { play, type Played } from './play.ts';
import { applyMapping, type Scope } from './template.ts';
import type { Column } from './columns.ts';
import { inRounds, roundsOf, type QueryStep, type UseCase } from './use-case.ts';

export interface PlayerOptions {
  readonly url: string;
  readonly places: Places;
  readonly mode: 'warm' | 'cold';
  /** A number no other run has. */
  readonly nextNumber: () => number;
  /** Milliseconds; monotonic. */
  readonly now: () => number;
}

export interface RunOptions {
  readonly cache?: ClientCache;
  readonly roundTripMs?: number;
}

export interface Player {
  /** Stores the queries of a GET client, and makes the failures a case begins with. Not measured. */
  prepare(): Promise<void>;
  run(options?: RunOptions): Promise<Played>;
  /** Asks what is true now, then takes away what the run has made. Not measured. */
  finish(played: Played): Promise<string | undefined>;
  close(): void;
}

export function createPlayer(useCase: UseCase, column: Column, options: PlayerOptions): Player {
  const { url, places, mode, now, nextNumber } = options;
  const rounds = roundsOf(useCase, column);
  const connections = new Map<number, Connection>();
  /** A cold client opens a connection for each run; a warm one keeps its own. */
  const connectionFor = (roundTripMs: number): Connection => {
    const known = connections.get(roundTripMs);
    if (known !== undefined && mode === 'warm') return known;
    known?.close();
    const connection = connect({ url, roundTripMs });
    connections.set(roundTripMs, connection);
    return connection;
  };
  const about = { now, places, nextRequestId: () => `compare-${nextNumber()}` };
  const startScope = (): Scope => ({ ...(useCase.variables as Scope), run: String(nextNumber()) });
  const aside = connect({ url, roundTripMs: 0 });
  const ask = async (step: QueryStep, scope: Scope): Promise<Json> => {
    const { exchanges } = await play({
      ...about,
      column: 'POST',
      rounds: [[step]],
      variables: scope,
      connection: aside,
    });
    return dataOf(exchanges[0]!.response.body);
  };

  return {
    async prepare() {
      const need: QueryStep = { query: useCase.need, variables: useCase.variables };
      for (let i = 0; i < useCase.failuresBefore; i++) await ask(need, startScope());
      if (column !== 'GET') return;
      for (const step of rounds.flat() as QueryStep[]) {
        if (!/^\s*mutation\b/m.test(step.query)) await aside.send(storeQuery(step, startScope(), places));
      }
    },
    run({ cache, roundTripMs = 0 } = {}) {
      const connection = connectionFor(roundTripMs);
      return play({
        ...about,
        column,
        rounds,
        variables: startScope(),
        connection,
        ...(cache === undefined ? {} : { cache }),
      });
    },
    async finish({ scope }) {
      const { verify, cleanup } = useCase;
      const answer = verify && (await ask({ query: verify.query, variables: verify.variables }, scope));
      if (cleanup !== undefined) {
        const steps = inRounds<QueryStep>(cleanup);
        await play({ ...about, column: 'POST', rounds: steps, variables: scope, connection: aside });
      }
      return verify && JSON.stringify(applyMapping(verify.value, answer as Scope) ?? null);
    },
    close() {
      aside.close();
      for (const connection of connections.values()) connection.close();
    },
  };
}

/** `data` of a GraphQL answer; null where there is none. */
export function dataOf(body: string): Json {
  try {
    const answer = JSON.parse(body) as { data?: Json };
    return answer.data ?? null;
  } catch {
    return null;
  }
}
