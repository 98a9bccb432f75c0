/** A raw server and a client that calls it, on a clock that stands still; both end with the test. */
import { onTestFinished } from 'vitest';
import {
  createUpstream,
  type PartialUpstreamSettings,
  type UpstreamEvent,
  type UpstreamRequest,
  type UpstreamResponse,
} from 'tributary-gateway/upstream';
import { UpstreamError } from '../../gateway/errors/upstream-error.ts';
import { FakeClock } from './fake-clock.ts';
import { startRawServer, type Answer, type RawServer } from './raw-server.ts';

export interface Harness {
  readonly clock: FakeClock;
  readonly server: RawServer;
  readonly events: readonly UpstreamEvent[];
  /** Aborts as the client leaving does. */
  readonly client: AbortController;
  readonly send: (overrides?: RequestOverrides) => Promise<UpstreamResponse>;
  /** Sends, and resolves with the error. */
  readonly fail: (overrides?: RequestOverrides) => Promise<UpstreamError>;
  readonly force: (position: 'open' | 'closed' | undefined) => boolean;
  readonly drain: () => Promise<void>;
  readonly close: () => Promise<void>;
}

export type RequestOverrides = Partial<Omit<UpstreamRequest, 'context'>> & {
  readonly path?: string;
  readonly context?: Partial<UpstreamRequest['context']>;
};

export async function startHarness(answer: Answer, settings: PartialUpstreamSettings = {}): Promise<Harness> {
  const clock = new FakeClock();
  const server = await startRawServer(answer);
  const events: UpstreamEvent[] = [];
  const client = new AbortController();
  const upstream = createUpstream({ settings, clock, random: () => 0.5, emit: (event) => events.push(event) });
  onTestFinished(async () => {
    await upstream.close();
    await server.close();
  });

  const send = ({ path = '/books', context, ...overrides }: RequestOverrides = {}) =>
    upstream.call({
      service: 'catalog',
      method: 'GET',
      url: server.url + path,
      headers: {},
      ...overrides,
      context: {
        signal: client.signal,
        deadlineAt: clock.now() + 30_000,
        identity: 'anonymous',
        requestId: 'request-1',
        ...context,
      },
    });

  return {
    clock,
    server,
    events,
    client,
    send,
    fail: (overrides) =>
      send(overrides).then(
        (response) => {
          throw new Error(`Expected an UpstreamError, got status ${response.status}`);
        },
        (error: unknown) => {
          if (error instanceof UpstreamError) return error;
          throw error;
        },
      ),
    force: (position) => upstream.forceBreaker('catalog', position),
    drain: () => upstream.drain(),
    close: () => upstream.close(),
  };
}

/** Settings under which a call has one attempt. */
export const once: PartialUpstreamSettings = { retry: { retries: 0 } };
