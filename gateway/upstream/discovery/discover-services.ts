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
  /** By service; for `createUpstream`. */
  readonly sources: Readonly<Record<string, Discovery>>;
  /** Of every service whose set can change. */
  readonly status: () => readonly ServiceSet[];
  readonly close: () => Promise<void>;
}

export function discoverServices(options: DiscoverServicesOptions): ServiceDiscovery {
  const { services, emit, clock = systemClock, random = Math.random } = options;
  /** By path: services share a file unless they have their own. */
  const snapshots = new Map<string | null, Snapshot>();
  const kept = new Map<string, KeptSet>();
  const sources = services.map(({ service, discovery, keep }): [string, Discovery] => {
    if (discovery.type === 'static') return [service, createStaticDiscovery(discovery.instances)];
    const hub = createHub();
    const snapshot = snapshots.get(keep.snapshot) ?? openSnapshot(keep.snapshot, emit);
    snapshots.set(keep.snapshot, snapshot);
    const onSet = (instances: readonly Instance[]) => {
      hub.publish(instances);
      snapshot.save(service, instances);
    };
    const remembered = snapshot.read(service);
    const source = createSource(discovery);
    kept.set(service, keepSet({ service, source, settings: keep, remembered, onSet, clock, random, emit }));
    return [service, hub];
  });
  return {
    sources: Object.fromEntries(sources),
    status: () => [...kept].map(([service, { status }]) => ({ service, ...status() })),
    async close() {
      await Promise.all([...kept.values()].map(({ stop }) => stop()));
      await Promise.all([...snapshots.values()].map((snapshot) => snapshot.close()));
    },
  };
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
