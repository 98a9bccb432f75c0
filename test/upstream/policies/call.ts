/** A call for tests of a single policy, without a socket. */
import { startCall, type Call } from '../../../gateway/upstream/call.ts';
import type { UpstreamRequest, UpstreamResponse } from '../../../gateway/upstream/upstream-call.ts';
import type { FakeClock } from '../fake-clock.ts';

export type RequestParts = Partial<Omit<UpstreamRequest, 'context'>> & {
  readonly context?: Partial<UpstreamRequest['context']>;
};

let lastId = 0;

export function makeCall(clock: FakeClock, { context, ...parts }: RequestParts = {}, signal?: AbortSignal): Call {
  const request: UpstreamRequest = {
    service: 'catalog',
    method: 'GET',
    url: 'http://catalog/books',
    headers: {},
    ...parts,
    context: {
      signal: signal ?? new AbortController().signal,
      deadlineAt: clock.now() + 30_000,
      identity: 'anonymous',
      requestId: 'request-1',
      ...context,
    },
  };
  return startCall({ request, id: ++lastId, startedAt: clock.now() });
}

export const answer = (status = 200, headers: UpstreamResponse['headers'] = {}): UpstreamResponse => ({
  status,
  headers,
  body: { kind: 'empty' },
});

/** Something to be settled later, from outside. */
export function deferred<T>() {
  let resolve!: (value: T) => void;
  let reject!: (reason: unknown) => void;
  const promise = new Promise<T>((settle, fail) => {
    resolve = settle;
    reject = fail;
  });
  return { promise, resolve, reject };
}

/** Lets everything run that waits for nothing but its turn. */
export const turn = () => new Promise<void>((resolve) => setImmediate(resolve));
