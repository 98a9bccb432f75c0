/**
 * Addresses from etcd 3.4 or later, by its JSON gateway: one key an instance below a prefix, its value an address or an object
 * as text. Lists, then watches from the next revision. The list is asked for again every few seconds: it proves that etcd is
 * there, which a silent watch does not, and after a compaction it is what is needed anyway.
 */
import type { Session, Source } from './keep-set.ts';
import { createRegistryClient, type RegistryClient } from './registry-client.ts';

export interface EtcdSettings {
  readonly type: 'etcd';
  readonly endpoints: readonly string[];
  readonly prefix: string;
  /** Of an etcd with authentication; a token is fetched for each connection, and the asking keeps it alive. */
  readonly user?: { readonly name: string; readonly password: string } | undefined;
}

const askAgainMs = 10_000;
const answerMs = 3_000;
/** A watch is renewed from time to time, wherever it hangs. */
const watchMs = 600_000;

interface Change {
  readonly type?: 'DELETE';
  readonly kv: { readonly key: string; readonly value?: string };
}

export function createEtcdSource({ endpoints, prefix, user }: EtcdSettings): Source {
  let turn = 0;
  return {
    type: 'etcd',
    async run(session) {
      // The next of the cluster, each time one was lost.
      const endpoint = endpoints[turn++ % endpoints.length]!.replace(/\/$/, '');
      const client = createRegistryClient();
      try {
        const range = { key: encode(prefix), range_end: encode(endOfPrefix(prefix)) };
        const values = new Map<string, string>();
        const headers = user === undefined ? {} : await authenticate(client, endpoint, user, session);
        const connection: Connection = { client, endpoint, range, values, session, headers };
        const revision = await list(connection);
        return await Promise.race([watch(connection, revision + 1n), keepAsking(connection)]);
      } finally {
        await client.close();
      }
    },
  };
}

interface Connection {
  readonly client: RegistryClient;
  readonly endpoint: string;
  readonly range: { readonly key: string; readonly range_end: string };
  /** By key; what the registry holds. */
  readonly values: Map<string, string>;
  readonly session: Session;
  readonly headers: Readonly<Record<string, string>>;
}

/** A token that has run out ends the session, and the next one fetches another. */
async function authenticate(
  client: RegistryClient,
  endpoint: string,
  body: NonNullable<EtcdSettings['user']>,
  { signal }: Session,
): Promise<Record<string, string>> {
  const url = `${endpoint}/v3/auth/authenticate`;
  const { value } = await client.json({ url, method: 'POST', body, signal, timeoutMs: answerMs });
  const { token } = (value ?? {}) as { token?: unknown };
  if (typeof token !== 'string') throw new Error('etcd gave no token');
  return { authorization: token };
}

/** Fills the values, and returns the revision they are of. */
async function list({ client, endpoint, range, values, session, headers }: Connection): Promise<bigint> {
  const { value } = await client.json({
    url: `${endpoint}/v3/kv/range`,
    method: 'POST',
    body: range,
    headers,
    signal: session.signal,
    timeoutMs: answerMs,
  });
  const { header, kvs = [] } = value as { header: { revision: string }; kvs?: Change['kv'][] };
  const revision = BigInt(header.revision);
  values.clear();
  for (const kv of kvs) values.set(kv.key, kv.value ?? '');
  session.accept(candidates(values));
  return revision;
}

async function keepAsking(connection: Connection): Promise<never> {
  for (;;) {
    await connection.session.wait(askAgainMs);
    await list(connection);
  }
}

async function watch({ client, endpoint, range, values, session, headers }: Connection, from: bigint): Promise<never> {
  const body = { create_request: { ...range, start_revision: String(from) } };
  const { signal } = session;
  for await (const message of client.lines({
    url: `${endpoint}/v3/watch`,
    method: 'POST',
    body,
    headers,
    signal,
    timeoutMs: watchMs,
  })) {
    const { result, error } = message as { result?: WatchResult; error?: { message?: string } };
    if (error !== undefined || result === undefined)
      throw new Error(error?.message ?? 'The watch answered without result');
    // After a compaction the changes since `from` are gone: the caller lists again.
    if (result.canceled === true) throw new Error(`The watch was cancelled: ${result.cancel_reason ?? 'compaction'}`);
    for (const { type, kv } of result.events ?? []) {
      if (type === 'DELETE') values.delete(kv.key);
      else values.set(kv.key, kv.value ?? '');
    }
    if (result.events !== undefined) session.accept(candidates(values));
  }
  throw new Error('etcd ended the watch');
}

interface WatchResult {
  readonly canceled?: boolean;
  readonly cancel_reason?: string;
  readonly events?: readonly Change[];
}

/** A value is an object as JSON, or an address as text. */
const candidates = (values: ReadonlyMap<string, string>): unknown[] =>
  [...values.values()].map((value) => {
    const text = Buffer.from(value, 'base64').toString('utf8');
    try {
      return text.startsWith('{') ? (JSON.parse(text) as unknown) : text;
    } catch {
      return undefined;
    }
  });

const encode = (text: string | Uint8Array): string => Buffer.from(text as string).toString('base64');

/** The first key that does not begin with the prefix. */
function endOfPrefix(prefix: string): Uint8Array {
  const bytes = Buffer.from(prefix);
  const last = bytes.findLastIndex((byte) => byte < 0xff);
  if (last === -1) return Buffer.from([0]);
  const end = Buffer.from(bytes.subarray(0, last + 1));
  end[last] = end[last]! + 1;
  return end;
}
