/** Several HTTP servers for one service, whose set a test may change, behind a client on a clock that stands still. */
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { onTestFinished } from 'vitest';
import { createUpstream, type PartialUpstreamSettings, type UpstreamEvent } from 'tributary-gateway/upstream';
import type { Discovery, Instance, OnInstances } from '../../gateway/upstream/discovery/discovery.ts';
import { FakeClock } from './fake-clock.ts';

export interface TestInstance {
  readonly instance: Instance;
  /** Requests it received. */
  readonly hits: number;
  answer: RequestListener;
  kill(): Promise<void>;
  restart(): Promise<void>;
}

const ok: RequestListener = (_request, response) => {
  response.setHeader('content-type', 'application/json').end('{"ok":true}');
};

export const status =
  (code: number): RequestListener =>
  (_request, response) =>
    void response.writeHead(code, { 'content-type': 'application/json' }).end('{}');

export async function startInstance(): Promise<TestInstance> {
  let hits = 0;
  const state: { answer: RequestListener } = { answer: ok };
  let port = 0;
  const start = async () => {
    const server = createServer((request, response) => {
      hits++;
      state.answer(request, response);
    });
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    ({ port } = server.address() as AddressInfo);
    return server;
  };
  let server = await start();
  const kill = async () => {
    if (!server.listening) return;
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  };
  onTestFinished(kill);
  return {
    instance: { addr: '127.0.0.1', port, weight: 1, state: 'ready' },
    get hits() {
      return hits;
    },
    get answer() {
      return state.answer;
    },
    set answer(answer) {
      state.answer = answer;
    },
    kill,
    async restart() {
      server = await start();
    },
  };
}

/** The same numbers each run. */
export function seededRandom(seed = 1): () => number {
  let state = seed;
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
}

export async function startService(count: number, settings: PartialUpstreamSettings = {}) {
  const instances = await Promise.all(Array.from({ length: count }, startInstance));
  return { ...callInstances(instances, settings), instances, hits: () => instances.map(({ hits }) => hits) };
}

/** A client for a service that has these instances, which run already. */
export function callInstances(
  instances: readonly { readonly instance: Instance }[],
  settings: PartialUpstreamSettings = {},
) {
  const clock = new FakeClock();
  const events: UpstreamEvent[] = [];
  let onSet: OnInstances = () => {};
  let isWatched = true;
  const discovery: Readonly<Record<string, Discovery>> = {
    catalog: {
      watch(_service, listener) {
        onSet = listener;
        listener(instances.map(({ instance }) => instance));
        return () => (isWatched = false);
      },
    },
  };
  const upstream = createUpstream({
    settings,
    clock,
    random: seededRandom(),
    emit: (event) => events.push(event),
    discovery,
  });
  onTestFinished(() => upstream.close());
  const send = (request: { path?: string; method?: string } = {}) =>
    upstream.call({
      service: 'catalog',
      method: request.method ?? 'GET',
      url: `http://catalog.internal${request.path ?? '/books'}`,
      headers: {},
      context: {
        signal: new AbortController().signal,
        deadlineAt: clock.now() + 30_000,
        identity: 'anonymous',
        requestId: 'r-1',
      },
    });
  return {
    clock,
    events,
    upstream,
    discovery,
    send,
    setInstances: (set: readonly Instance[]) => onSet(set),
    isWatched: () => isWatched,
    /** Sends one after the other, and moves the clock on over each wait; gives what became of each. */
    sendMany: async (calls: number, { at = '/books', ...request }: { method?: string; at?: string } = {}) => {
      const ends: (number | string)[] = [];
      for (let n = 0; n < calls; n++) {
        let isOver = false;
        const sent = send({ path: `${at}/${n}`, ...request })
          .then(
            ({ status: code }) => code,
            (error: { code: string }) => error.code,
          )
          .finally(() => (isOver = true));
        while (!isOver) {
          await new Promise<void>((resolve) => setImmediate(resolve));
          const [soonest] = clock.pending;
          // Waits before retries; the limits are far longer.
          if (soonest !== undefined && soonest <= 100) clock.advance(soonest);
        }
        ends.push(await sent);
        clock.advance(1);
      }
      return ends;
    },
  };
}
