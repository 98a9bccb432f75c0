/**
 * Addresses from Kubernetes: the EndpointSlices of one service, listed and then watched. Slices are merged, because one holds
 * only part of a large service. A watch lasts less than a minute and is then taken up where it ended, which is the proof that
 * the API server is there. A version that is too old (410) is listed anew.
 */
import { readFile } from 'node:fs/promises';
import type { Session, Source } from './keep-set.ts';
import {
  openRegistryClient,
  RegistryStatusError,
  type RegistryClient,
  type RegistryTlsFiles,
} from './registry-client.ts';

export interface KubernetesSettings extends RegistryTlsFiles {
  readonly type: 'kubernetes';
  readonly address: string;
  readonly namespace: string;
  readonly service: string;
  /** Name or number; left out, the first of a slice. */
  readonly port: string | number | undefined;
  readonly tokenFile: string | undefined;
}

const watchSeconds = 55;
const answerMs = 10_000;
const pageSize = 500;

interface EndpointSlice {
  readonly metadata?: { readonly name?: string; readonly resourceVersion?: string };
  readonly endpoints?: readonly Endpoint[] | null;
  readonly ports?: readonly { readonly name?: string; readonly port?: number }[] | null;
}

interface Endpoint {
  readonly addresses?: readonly string[];
  readonly zone?: string;
  readonly conditions?: {
    readonly ready?: boolean | null;
    readonly serving?: boolean | null;
    readonly terminating?: boolean | null;
  };
}

interface WatchEvent {
  readonly type?: string;
  readonly object?: EndpointSlice & { readonly code?: number };
}

interface Connection {
  readonly client: RegistryClient;
  readonly settings: KubernetesSettings;
  readonly session: Session;
  readonly slices: Map<string, EndpointSlice>;
}

export function createKubernetesSource(settings: KubernetesSettings): Source {
  return {
    type: 'kubernetes',
    async run(session) {
      const client = await openRegistryClient(settings);
      const connection = { client, settings, session, slices: new Map<string, EndpointSlice>() };
      try {
        for (;;) {
          let version: string | undefined = await list(connection);
          while (version !== undefined) version = await watch(connection, version);
          // A server that calls every version too old must not be asked in a tight loop.
          await session.wait(250);
        }
      } finally {
        await client.close();
      }
    },
  };
}

/** Fills the slices, page by page, and returns their version. */
async function list({ client, settings, session, slices }: Connection): Promise<string> {
  const found: EndpointSlice[] = [];
  let page = '';
  let version: string | undefined;
  do {
    const { value } = await client.json({
      url: `${urlOf(settings)}&limit=${pageSize}${page === '' ? '' : `&continue=${encodeURIComponent(page)}`}`,
      headers: await authorization(settings),
      signal: session.signal,
      timeoutMs: answerMs,
    });
    const { items, metadata } = value as {
      items?: EndpointSlice[];
      metadata?: { resourceVersion?: string; continue?: string };
    };
    if (!Array.isArray(items)) throw new Error('Kubernetes did not answer with a list');
    found.push(...items);
    version = metadata?.resourceVersion;
    page = metadata?.continue ?? '';
  } while (page !== '');
  if (version === undefined) throw new Error('Kubernetes answered without a version');
  slices.clear();
  for (const slice of found) slices.set(slice.metadata?.name ?? '', slice);
  session.accept(merge(slices, settings.port));
  return version;
}

/** Follows changes; returns the version to go on from, or undefined when that is too old. */
async function watch({ client, settings, session, slices }: Connection, from: string): Promise<string | undefined> {
  let version = from;
  const query = `&watch=1&allowWatchBookmarks=true&timeoutSeconds=${watchSeconds}&resourceVersion=${encodeURIComponent(from)}`;
  const startedAt = session.now();
  try {
    const events = client.lines({
      url: urlOf(settings) + query,
      headers: await authorization(settings),
      signal: session.signal,
      timeoutMs: watchSeconds * 1000 + answerMs,
    });
    for await (const event of events) {
      const { type, object } = event as WatchEvent;
      if (type === 'ERROR') {
        if (object?.code === 410) return undefined;
        throw new Error(`Kubernetes ended the watch with ${object?.code ?? 'an error'}`);
      }
      version = object?.metadata?.resourceVersion ?? version;
      if (type === 'BOOKMARK') session.confirm();
      else if (object !== undefined) {
        const name = object.metadata?.name ?? '';
        if (type === 'DELETED') slices.delete(name);
        else slices.set(name, object);
        session.accept(merge(slices, settings.port));
      }
    }
  } catch (error) {
    if (error instanceof RegistryStatusError && error.status === 410) return undefined;
    throw error;
  }
  session.confirm();
  // One that ends at once, again and again, must not make a tight loop.
  if (session.now() - startedAt < 1_000) await session.wait(250);
  return version;
}

const urlOf = ({ address, namespace, service }: KubernetesSettings): string => {
  const path = `/apis/discovery.k8s.io/v1/namespaces/${encodeURIComponent(namespace)}/endpointslices`;
  const label = encodeURIComponent(`kubernetes.io/service-name=${service}`);
  return `${address.replace(/\/$/, '')}${path}?labelSelector=${label}`;
};

/** Read each time: tokens of a pod are replaced while it runs. */
async function authorization({ tokenFile }: KubernetesSettings): Promise<Record<string, string>> {
  if (tokenFile === undefined) return {};
  return { authorization: `Bearer ${(await readFile(tokenFile, 'utf8')).trim()}` };
}

/** All that are ready; while there are none, those that terminate and still serve. Unset means ready, as in Kubernetes. */
function merge(slices: ReadonlyMap<string, EndpointSlice>, port: string | number | undefined): unknown[] {
  const ready: unknown[] = [];
  const serving: unknown[] = [];
  for (const slice of slices.values()) {
    const found = portOf(slice, port);
    if (found === undefined) continue;
    for (const { addresses, zone, conditions } of slice.endpoints ?? []) {
      const candidate = { addr: addresses?.[0], port: found, ...(zone === undefined ? {} : { zone }) };
      if (conditions?.ready ?? true) ready.push(candidate);
      else if (conditions?.terminating === true && conditions.serving === true) serving.push(candidate);
    }
  }
  return ready.length > 0 ? ready : serving;
}

function portOf({ ports }: EndpointSlice, wanted: string | number | undefined): number | undefined {
  if (wanted === undefined) return ports?.[0]?.port;
  return ports?.find(({ name, port }) => name === wanted || port === wanted)?.port;
}
