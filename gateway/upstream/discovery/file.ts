/**
 * Addresses from a file, YAML or JSON: a list of `http://host:port`, or of objects. The folder is watched, because editors and
 * Kubernetes replace files instead of writing to them; the poll is for file systems that do not tell.
 */
import { watch } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { parse } from 'yaml';
import type { Source } from './keep-set.ts';

export interface FileSettings {
  readonly type: 'file';
  readonly path: string;
  readonly pollMs: number;
}

export function createFileSource({ path, pollMs }: FileSettings): Source {
  return {
    type: 'file',
    async run({ signal, accept, wait }) {
      const changed = watchFile(path, signal);
      for (;;) {
        const value: unknown = parse(await readFile(path, { encoding: 'utf8', signal }));
        if (!Array.isArray(value)) throw new Error('The file is not a list of addresses');
        accept(value);
        await Promise.race([changed(), wait(pollMs)]);
      }
    },
  };
}

/** Each call resolves at the next change, at once when there was one since the last call. */
function watchFile(path: string, signal: AbortSignal): () => Promise<void> {
  let isChanged = false;
  let notify = () => {};
  const watcher = watch(dirname(path), { signal }, (_event, name) => {
    // Kubernetes replaces a link beside the file, not the file.
    if (name === null || name === basename(path) || name.startsWith('..')) {
      isChanged = true;
      notify();
    }
  });
  watcher.on('error', () => {});
  return async () => {
    if (!isChanged) await new Promise<void>((resolve) => (notify = resolve));
    isChanged = false;
  };
}
