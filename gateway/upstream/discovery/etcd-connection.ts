/**
 * Requests to one member of etcd by its JSON gateway, logged in where a user is named. The token that comes of it is forgotten by etcd
 * after a while without use, and by a restart; what is refused for it is then asked again with a new one.
 */
import { RegistryStatusError, type RegistryClient } from './registry-client.ts';

/** Of an etcd with authentication. */
export interface EtcdUser {
  readonly name: string;
  readonly password: string;
}

export interface EtcdConnectionOptions {
  readonly client: RegistryClient;
  /** For example https://10.0.0.5:2379 */
  readonly endpoint: string;
  readonly user?: EtcdUser | undefined;
  readonly signal: AbortSignal;
}

export interface EtcdConnection {
  readonly post: (path: string, body: unknown, signal: AbortSignal) => Promise<unknown>;
  /** One value after the other, for `timeoutMs` at most. */
  readonly stream: (path: string, body: unknown, signal: AbortSignal, timeoutMs: number) => AsyncIterable<unknown>;
}

const answerMs = 3_000;

/** Keys and values are base64 in the JSON gateway. */
export const encode = (text: string | Uint8Array): string => Buffer.from(text as string).toString('base64');

/** Rejects when the user is refused, never with the password. */
export async function connectEtcd({ client, endpoint, user, signal }: EtcdConnectionOptions): Promise<EtcdConnection> {
  const base = endpoint.replace(/\/$/, '');
  let headers: Readonly<Record<string, string>> = {};

  const ask = async (path: string, body: unknown, asking: AbortSignal): Promise<unknown> => {
    const { value } = await client.json({
      url: base + path,
      method: 'POST',
      body,
      headers,
      signal: asking,
      timeoutMs: answerMs,
    });
    return value;
  };
  const logIn = async (asking: AbortSignal): Promise<void> => {
    if (user === undefined) return;
    headers = {};
    const { token } = ((await ask('/v3/auth/authenticate', user, asking)) ?? {}) as { token?: unknown };
    if (typeof token !== 'string') throw new Error('etcd gave no token');
    headers = { authorization: token };
  };

  await logIn(signal);
  return {
    async post(path, body, asking) {
      try {
        return await ask(path, body, asking);
      } catch (error) {
        if (user === undefined || !isRefused(error)) throw error;
        await logIn(asking);
        return ask(path, body, asking);
      }
    },
    stream: (path, body, asking, timeoutMs) =>
      client.lines({ url: base + path, method: 'POST', body, headers, signal: asking, timeoutMs }),
  };
}

const isRefused = (error: unknown): boolean => error instanceof RegistryStatusError && error.status === 401;
