/**
 * The last good sets in a file, for a start while a registry is away. Written whole and then renamed, so that a crash leaves the
 * old one; a file that cannot be read or written costs nothing but itself.
 */
import { readFileSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';
import { readInstance } from './candidate.ts';
import type { Instance } from './discovery.ts';
import type { EmitDiscoveryEvent } from './events.ts';

export interface Snapshot {
  /** Undefined for a service that is not in the file. */
  read(service: string): readonly Instance[] | undefined;
  save(service: string, instances: readonly Instance[]): void;
  /** Resolves when everything is written. */
  close(): Promise<void>;
}

/** Remembers nothing without a path. */
export function openSnapshot(path: string | null, emit: EmitDiscoveryEvent): Snapshot {
  if (path === null) return { read: () => undefined, save: () => {}, close: async () => {} };
  const sets = readSets(path);
  let isFailing = false;
  let isDirty = false;
  let writing: Promise<void> | undefined;

  const write = async () => {
    while (isDirty) {
      isDirty = false;
      const text = JSON.stringify({ version: 1, services: Object.fromEntries(sets) }, undefined, 2);
      try {
        await writeFile(`${path}.new`, `${text}\n`, { mode: 0o600 });
        await rename(`${path}.new`, path);
        isFailing = false;
      } catch (error) {
        if (!isFailing) emit({ kind: 'snapshot-failed', reason: (error as Error).message });
        isFailing = true;
      }
    }
    writing = undefined;
  };
  return {
    read: (service) => sets.get(service),
    save(service, instances) {
      sets.set(service, instances);
      isDirty = true;
      writing ??= write();
    },
    close: async () => await writing,
  };
}

function readSets(path: string): Map<string, readonly Instance[]> {
  try {
    const { services } = JSON.parse(readFileSync(path, 'utf8')) as { services: Record<string, readonly unknown[]> };
    const sets = Object.entries(services).map(([service, candidates]): [string, readonly Instance[]] => [
      service,
      candidates.map(readInstance).filter((instance) => instance !== undefined),
    ]);
    return new Map(sets.filter(([, instances]) => instances.length > 0));
  } catch {
    // None yet, or none that can be read: as on the first start.
    return new Map();
  }
}
