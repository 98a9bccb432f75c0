/**
 * Addresses from etcd 3.4 or later, by its JSON gateway: one key an instance below a prefix, its value an address or an object
 * as text. Lists, then watches from the next revision. The list is asked for again every few seconds: it proves that etcd is
 * there, which a silent watch does not, and after a compaction it is what is needed anyway.
 */
import { connectEtcd, encode, type EtcdConnection, type EtcdUser } from './etcd-connection.ts';
import type { Session, Source } from './keep-set.ts';
import { openRegistryClient, type RegistryTlsFiles } from './registry-client.ts';

export interface EtcdSettings extends RegistryTlsFiles {
  readonly type: 'etcd';
  readonly endpoints: readonly string[];
  readonly prefix: string;
  readonly user?: EtcdUser | undefined;
}

const askAgainMs = 10_000;
/** A watch is renewed from time to time, wherever it hangs. */
const watchMs = 600_000;

interface Change {
  readonly type?: 'DELETE';
  readonly kv: { readonly key: string; readonly value?: string };
}

export function createEtcdSource(settings: EtcdSettings): Source {
  const { endpoints, prefix, user } = settings;
  let turn = 0;
  return {
    type: 'etcd',
    async run(session) {
      // The next of the cluster, each time one was lost.
      const endpoint = endpoints[turn++ % endpoints.length]!;
      const client = await openRegistryClient(settings);
      try {
        const range = { key: encode(prefix), range_end: encode(endOfPrefix(prefix)) };
        const etcd = await connectEtcd({ client, endpoint, user, signal: session.signal });
        const watched: Watched = { etcd, range, values: new Map(), session };
        const revision = await list(watched);
        return await Promise.race([watch(watched, revision + 1n), keepAsking(watched)]);
      } finally {
        await client.close();
      }
    },
  };
}

interface Watched {
  readonly etcd: EtcdConnection;
  readonly range: { readonly key: string; readonly range_end: string };
  /** By key; what the registry holds. */
  readonly values: Map<string, string>;
  readonly session: Session;
}

/** Fills the values, and returns the revision they are of. */
async function list({ etcd, range, values, session }: Watched): Promise<bigint> {
  const value = await etcd.post('/v3/kv/range', range, session.signal);
  const { header, kvs = [] } = value as { header: { revision: string }; kvs?: Change['kv'][] };
  const revision = BigInt(header.revision);
  values.clear();
  for (const kv of kvs) values.set(kv.key, kv.value ?? '');
  session.accept(candidates(values));
  return revision;
}

async function keepAsking(watched: Watched): Promise<never> {
  for (;;) {
    await watched.session.wait(askAgainMs);
    await list(watched);
  }
}

async function watch({ etcd, range, values, session }: Watched, from: bigint): Promise<never> {
  const body = { create_request: { ...range, start_revision: String(from) } };
  for await (const message of etcd.stream('/v3/watch', body, session.signal, watchMs)) {
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

/** The first key that does not begin with the prefix. */
function endOfPrefix(prefix: string): Uint8Array {
  const bytes = Buffer.from(prefix);
  const last = bytes.findLastIndex((byte) => byte < 0xff);
  if (last === -1) return Buffer.from([0]);
  const end = Buffer.from(bytes.subarray(0, last + 1));
  end[last] = end[last]! + 1;
  return end;
}
