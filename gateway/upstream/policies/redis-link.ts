/**
 * A connection to Redis that never costs a client more than a few milliseconds: what does not answer in time is as if it held
 * nothing, and then it is not asked for a while. Its package is loaded only where the settings name Redis.
 */
import type { Clock, RandomSource } from '../clock.ts';

export interface RedisLinkOptions {
  /** With credentials; only its host is ever told. */
  readonly url: string;
  readonly timeoutMs: number;
  readonly clock: Clock;
  readonly random: RandomSource;
  /** Once when it is lost, and once when it is back. */
  readonly onChange: (change: { readonly isUp: boolean; readonly reason: string }) => void;
}

export interface RedisLink {
  /** Undefined when it does not answer in time, or is not asked. */
  get(keys: readonly string[]): Promise<readonly (string | null)[] | undefined>;
  /** False when it is not even sent. */
  set(key: string, value: string, ttlMs: number): boolean;
  delete(key: string): void;
  close(): Promise<void>;
}

/** The few commands used; the client's own type is generated from all modules of Redis. */
interface Commands {
  readonly isReady: boolean;
  on(event: 'error', listener: (error: Error) => void): unknown;
  connect(): Promise<unknown>;
  mGet(keys: string[]): Promise<(string | null)[]>;
  set(key: string, value: string, options: { expiration: { type: 'PX'; value: number } }): Promise<unknown>;
  del(key: string): Promise<unknown>;
  destroy(): void;
}

/** Not asked for this long after it was too slow; doubled each time in a row. */
const restMs = 1_000;
const restMaxMs = 30_000;

/** Connects at once, and again whenever the connection is lost. */
export function createRedisLink({ url, timeoutMs, clock, random, onChange }: RedisLinkOptions): RedisLink {
  let client: Commands | undefined;
  let closed = false;
  let isUp = true;
  let failures = 0;
  let restsUntil = Number.NEGATIVE_INFINITY;

  const lose = (reason: string) => {
    if (closed || !isUp) return;
    isUp = false;
    onChange({ isUp, reason });
  };
  const rest = (reason: string) => {
    restsUntil = clock.now() + Math.min(restMs * 2 ** failures++, restMaxMs);
    lose(reason);
  };
  const succeed = () => {
    failures = 0;
    if (isUp || closed) return;
    isUp = true;
    onChange({ isUp, reason: 'it answers' });
  };
  const usable = (): Commands | undefined => {
    // Why it is not ready has been said by the event of the client.
    return client?.isReady !== true || clock.now() < restsUntil ? undefined : client;
  };
  const send = (command: (commands: Commands) => Promise<unknown>): boolean => {
    const commands = usable();
    if (commands !== undefined) command(commands).catch((error: unknown) => rest(reasonOf(error)));
    return commands !== undefined;
  };

  const opened = openClient(url, random, (error) => lose(reasonOf(error))).then(
    (commands) => {
      client = commands;
      if (closed) commands.destroy();
    },
    (error: unknown) => lose(reasonOf(error)),
  );

  return {
    get(keys) {
      const commands = usable();
      if (commands === undefined) return Promise.resolve(undefined);
      return new Promise((resolve) => {
        const stopTimer = clock.schedule(() => {
          rest(`no answer within ${timeoutMs} ms`);
          resolve(undefined);
        }, timeoutMs);
        commands.mGet([...keys]).then(
          (values) => {
            stopTimer();
            // Also of an answer that came too late: it says nothing of the next one.
            if (clock.now() >= restsUntil) succeed();
            resolve(values);
          },
          (error: unknown) => {
            stopTimer();
            rest(reasonOf(error));
            resolve(undefined);
          },
        );
      });
    },
    set: (key, value, ttlMs) =>
      send((commands) => commands.set(key, value, { expiration: { type: 'PX', value: Math.ceil(ttlMs) } })),
    delete: (key) => void send((commands) => commands.del(key)),
    async close() {
      closed = true;
      await opened;
      client?.destroy();
    },
  };
}

async function openClient(url: string, random: RandomSource, onError: (error: Error) => void): Promise<Commands> {
  const { createClient } = await import('@redis/client');
  const client: Commands = createClient({
    url,
    // What cannot be sent now is not worth sending later.
    disableOfflineQueue: true,
    commandsQueueMaxLength: 10_000,
    // A connection that died in silence is found by these two.
    pingInterval: 1_000,
    socket: {
      connectTimeout: 1_000,
      socketTimeout: 5_000,
      reconnectStrategy: (retries) => Math.min(100 * 2 ** retries, 5_000) * (0.5 + random() / 2),
    },
  });
  client.on('error', onError);
  // Resolves once it is connected, however long that takes.
  client.connect().catch(onError);
  return client;
}

/** Nothing of the address: it holds credentials. */
function reasonOf(error: unknown): string {
  const { code, name, message } = error as { code?: string; name?: string; message?: string };
  const said = /^[A-Z]+(?= )/.exec(message ?? '')?.[0];
  return code ?? said ?? name ?? 'unknown';
}
