/** The root of the repository, and the files git tracks in it. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

export interface Manifest {
  readonly version: string;
  readonly license?: string;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}

export const readText = (file: string): string => readFileSync(join(root, file), 'utf8');

export const readManifest = (): Manifest => JSON.parse(readText('package.json')) as Manifest;

/** Undefined where the sources came without git. */
export function listTrackedFiles(): string[] | undefined {
  try {
    const list = execFileSync('git', ['ls-files', '-z'], { cwd: root, encoding: 'utf8', stdio: 'pipe' });
    return list.split('\0').filter((file) => file !== '');
  } catch {
    return undefined;
  }
}
