/**
 * From the settings of the services to their sets of instances: a source for each, kept as section 13 of upstream.md says, all
 * of them watched from the start, so that no call waits for a registry.
 */
import { systemClock, type Clock, type RandomSource } from '../clock.ts';
import { createConsulSource, type ConsulSettings } from './consul.ts';
import type { Discovery, Instance, OnInstances } from './discovery.ts';
import { createDnsSource, type DnsSettings } from './dns.ts';
import { createEtcdSource, type EtcdSettings } from './etcd.ts';
import { createEurekaSource, type EurekaSettings } from './eureka.ts';
import type { EmitDiscoveryEvent } from './events.ts';
import { createFileSource, type FileSettings } from './file.ts';
import { keepSet, type KeepSettings, type KeptSet, type SetStatus, type Source } from './keep-set.ts';
import { createKubernetesSource, type KubernetesSettings } from './kubernetes.ts';
import { openSnapshot, type Snapshot } from './snapshot.ts';
import { createStaticDiscovery } from './static.ts';

export type SourceSettings =
  FileSettings | DnsSettings | EtcdSettings | ConsulSettings | KubernetesSettings | EurekaSettings;

export type DiscoverySettings = { readonly type: 'static'; readonly instances: readonly string[] } | SourceSettings;

export interface WatchedService {
  readonly service: string;
  readonly discovery: DiscoverySettings;
  readonly keep: KeepSettings & { readonly snapshot: string | null };
}

export interface DiscoverServicesOptions {
  /** Of a service that is left out the URL of the request says where it is. */
  readonly services: readonly WatchedService[];
  readonly emit: EmitDiscoveryEvent;
  readonly clock?: Clock;
  readonly random?: RandomSource;
}

/** The set of one service, for the operator. */
export type ServiceSet = SetStatus & { readonly service: string };

export interface ServiceDiscovery {
  /** By service; for `createUpstream`. One that an update does not change stays the same object. */
  readonly sources: Readonly<Record<string, Discovery>>;
  /** Of every service whose set can change. */
  readonly status: () => readonly ServiceSet[];
  /** Watches these services instead; whose settings are the same, is watched on. */
  readonly update: (services: readonly WatchedService[]) => void;
  readonly close: () => Promise<void>;
}

interface Watched {
  /** What it was made of. */
  readonly key: string;
  readonly source: Discovery;
  /** Undefined where the set cannot change. */
  readonly kept: KeptSet | undefined;
}

export function discoverServices(options: DiscoverServicesOptions): ServiceDiscovery {
  const { emit, clock = systemClock, random = Math.random } = options;
  /** By path: services share a file unless they have their own. */
  const snapshots = new Map<string | null, Snapshot>();
  let watched = new Map<string, Watched>();
  const stopping = new Set<Promise<void>>();

  const watch = ({ service, discovery, keep }: WatchedService, before?: Watched): Omit<Watched, 'key'> => {
    if (discovery.type === 'static') return { source: createStaticDiscovery(discovery.instances), kept: undefined };
    const hub = createHub();
    const snapshot = snapshots.get(keep.snapshot) ?? openSnapshot(keep.snapshot, emit);
    snapshots.set(keep.snapshot, snapshot);
    const onSet = (instances: readonly Instance[]) => {
      hub.publish(instances);
      snapshot.save(service, instances);
    };
    // Until the new source has answered, calls go where they went.
    const remembered = snapshot.read(service) ?? (before && lastSetOf(before.source));
    const source = createSource(discovery);
    const kept = keepSet({ service, source, settings: keep, remembered, onSet, clock, random, emit });
    return { source: hub, kept };
  };
  const stop = ({ kept }: Watched) => {
    if (kept === undefined) return;
    const stopped = kept.stop().finally(() => stopping.delete(stopped));
    stopping.add(stopped);
  };
  const update = (services: readonly WatchedService[]) => {
    const before = watched;
    watched = new Map();
    for (const service of services) {
      const key = JSON.stringify([service.discovery, service.keep]);
      const known = before.get(service.service);
      watched.set(service.service, known?.key === key ? known : { key, ...watch(service, known) });
    }
    for (const [service, entry] of before) if (watched.get(service) !== entry) stop(entry);
  };
  update(options.services);

  return {
    get sources() {
      return Object.fromEntries([...watched].map(([service, { source }]) => [service, source]));
    },
    status: () =>
      [...watched].flatMap(([service, { kept }]) => (kept === undefined ? [] : [{ service, ...kept.status() }])),
    update,
    async close() {
      for (const entry of watched.values()) stop(entry);
      await Promise.all(stopping);
      await Promise.all([...snapshots.values()].map((snapshot) => snapshot.close()));
    },
  };
}

/** The set that is known now. */
function lastSetOf(source: Discovery): readonly Instance[] | undefined {
  let last: readonly Instance[] | undefined;
  source.watch('', (instances) => (last = instances))();
  return last;
}

/** Whoever watches later gets the set that is known by then. */
function createHub(): Discovery & { readonly publish: OnInstances } {
  const watchers = new Set<OnInstances>();
  let current: readonly Instance[] | undefined;
  return {
    publish(instances) {
      current = instances;
      for (const onSet of watchers) onSet(instances);
    },
    watch(_service, onSet) {
      watchers.add(onSet);
      if (current !== undefined) onSet(current);
      return () => void watchers.delete(onSet);
    },
  };
}

function createSource(settings: SourceSettings): Source {
  switch (settings.type) {
    case 'file':
      return createFileSource(settings);
    case 'dns':
      return createDnsSource(settings);
    case 'etcd':
      return createEtcdSource(settings);
    case 'consul':
      return createConsulSource(settings);
    case 'kubernetes':
      return createKubernetesSource(settings);
    case 'eureka':
      return createEurekaSource(settings);
  }
}
