/**
 * Tells when a file may have changed that the gateway is built from. Folders are watched, because editors and Kubernetes replace
 * files instead of writing to them; whether anything has changed is seen by reading.
 */
import { readdirSync, watch, type FSWatcher } from 'node:fs';
import { basename, dirname, join } from 'node:path';

export interface WatchedFiles {
  readonly files: readonly string[];
  /** Every GraphQL file below it counts. */
  readonly folder: string | undefined;
}

export interface FileWatcher {
  /** Watches these instead. */
  update(watched: WatchedFiles): void;
  close(): void;
}

export function watchFiles(onChange: () => void): FileWatcher {
  const watchers = new Map<string, FSWatcher>();
  let names = new Set<string>();
  const isOurs = (name: string | null): boolean =>
    // Kubernetes swaps a link named "..data"; some systems do not say which file it was.
    name === null || names.has(name) || name.startsWith('..') || name.endsWith('.graphql') || !name.includes('.');
  const open = (folder: string): FSWatcher | undefined => {
    try {
      const watcher = watch(folder, { persistent: false }, (_event, name) => {
        if (isOurs(name)) onChange();
      });
      // A folder that goes away tells so; its parent is not watched, and the next reload finds out.
      watcher.on('error', () => watcher.close());
      return watcher;
    } catch {
      return undefined;
    }
  };
  return {
    update({ files, folder }) {
      names = new Set(files.map((file) => basename(file)));
      const folders = new Set([...files.map((file) => dirname(file)), ...(folder === undefined ? [] : treeOf(folder))]);
      for (const [path, watcher] of watchers) {
        if (folders.has(path)) continue;
        watcher.close();
        watchers.delete(path);
      }
      for (const path of folders) {
        const watcher = watchers.has(path) ? undefined : open(path);
        if (watcher !== undefined) watchers.set(path, watcher);
      }
    },
    close() {
      for (const watcher of watchers.values()) watcher.close();
      watchers.clear();
    },
  };
}

function treeOf(folder: string): string[] {
  try {
    const inside = readdirSync(folder, { recursive: true, withFileTypes: true });
    return [folder, ...inside.filter((one) => one.isDirectory()).map((one) => join(one.parentPath, one.name))];
  } catch {
    return [folder];
  }
}
