/**
 * Who calls which version of the REST side (facade.md, section 6), so that "all clients have moved" can be seen before a
 * sunset. Clients name themselves, so the names are no proof of anything, and there may be any number of them: the busiest
 * list is bounded, and whoever was not seen for longest makes room.
 */
import type { MetricFamily } from '../admin/prometheus.ts';

/** A request that came to a route, whatever became of it. */
export interface VersionUse {
  readonly version: string;
  readonly client: string;
  /** The answer was 410: the version is gone, or in a brown-out. */
  readonly isGone: boolean;
}

export interface ClientReport {
  readonly name: string;
  readonly requests: number;
  /** How many of them were answered by 410. */
  readonly gone: number;
  readonly lastSeen: string;
}

export interface ClientCounter {
  note(use: VersionUse): void;
  /** Clients of a version, the one seen last first. */
  clientsOf(version: string): ClientReport[];
  metrics(): MetricFamily[];
}

interface Count {
  requests: number;
  gone: number;
  lastSeen: Date;
}

/** All that had to make room; no client can have this name. */
const OTHERS = '(others)';

export interface CountClientsOptions {
  readonly now?: () => Date;
  /** Clients of one version that are told apart. Default 100. */
  readonly capacity?: number;
}

export function createClientCounter({
  now = () => new Date(),
  capacity = 100,
}: CountClientsOptions = {}): ClientCounter {
  /** By version, then by client, the one seen last at the end. */
  const versions = new Map<string, Map<string, Count>>();

  const add = (clients: Map<string, Count>, name: string, more: Count): void => {
    const known = clients.get(name) ?? { requests: 0, gone: 0 };
    clients.delete(name);
    const { requests, gone } = known;
    clients.set(name, { requests: requests + more.requests, gone: gone + more.gone, lastSeen: more.lastSeen });
  };
  const makeRoom = (clients: Map<string, Count>): void => {
    const names = [...clients.keys()].filter((name) => name !== OTHERS);
    const [oldest] = names;
    const count = oldest === undefined ? undefined : clients.get(oldest);
    if (names.length <= capacity || oldest === undefined || count === undefined) return;
    clients.delete(oldest);
    add(clients, OTHERS, count);
  };
  return {
    note({ version, client, isGone }) {
      const clients = versions.get(version) ?? new Map<string, Count>();
      versions.set(version, clients);
      add(clients, client, { requests: 1, gone: isGone ? 1 : 0, lastSeen: now() });
      if (clients.size > capacity) makeRoom(clients);
    },
    clientsOf: (version) =>
      [...(versions.get(version) ?? [])]
        .map(([name, { lastSeen, ...counts }]) => ({ name, ...counts, lastSeen: lastSeen.toISOString() }))
        .toSorted((a, b) => b.lastSeen.localeCompare(a.lastSeen)),
    metrics: () => [
      {
        name: 'facade_requests',
        help: 'Requests to routes, by version and by the name that the client gives itself',
        type: 'counter',
        samples: [...versions].flatMap(([version, clients]) =>
          [...clients].map(([client, { requests }]) => ({ labels: { version, client }, value: requests })),
        ),
      },
    ],
  };
}
