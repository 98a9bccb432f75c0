/** A PostgreSQL of the test's own, which may be killed and started again with its data (Debian package postgresql). */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { onTestFinished } from 'vitest';
import { findFreePort } from '../repository/run-program.ts';

export interface OwnPostgres {
  readonly url: string;
  /** SIGKILL of the server; its backends end by themselves. */
  kill(): Promise<void>;
  /** Again at the same port; resolves when it answers. */
  start(): Promise<void>;
}

const installed = '/usr/lib/postgresql';
const version = existsSync(installed) ? readdirSync(installed).toSorted().at(-1) : undefined;
export const hasOwnPostgres = version !== undefined;

/** PostgreSQL refuses to run as root, so root runs it as the user of the package. */
const isRoot = process.getuid?.() === 0;
const asUser = isRoot ? ['setpriv', '--reuid=postgres', '--regid=postgres', '--clear-groups'] : [];
const idOf = (flag: '-u' | '-g') => Number(spawnSync('id', [flag, 'postgres'], { encoding: 'utf8' }).stdout);

export async function startPostgres(): Promise<OwnPostgres> {
  const folder = mkdtempSync(join(tmpdir(), 'tributary-postgres-'));
  if (isRoot) chownSync(folder, idOf('-u'), idOf('-g'));
  const port = await findFreePort();
  const command = (program: string, ...args: string[]): [string, string[]] => {
    const [name, ...rest] = [...asUser, join(installed, version!, 'bin', program), ...args];
    return [name!, rest];
  };
  const data = join(folder, 'data');
  const made = spawnSync(...command('initdb', '-D', data, '-U', 'postgres', '-A', 'trust', '--no-sync'), {
    cwd: folder,
    encoding: 'utf8',
  });
  if (made.status !== 0) throw new Error(`initdb as ${userInfo().username}: ${made.stderr}`);
  const url = `postgres://postgres@127.0.0.1:${port}/postgres`;

  let child: ChildProcess | undefined;
  const answers = async (): Promise<boolean> => {
    const client = new pg.Client({ connectionString: url });
    client.on('error', () => {});
    try {
      await client.connect();
      await client.end();
      return true;
    } catch {
      return false;
    }
  };
  const kill = async () => {
    const ending = child;
    child = undefined;
    if (ending === undefined || ending.exitCode !== null) return;
    const ended = once(ending, 'exit');
    ending.kill('SIGKILL');
    await ended;
  };
  const start = async () => {
    while (!(await answers())) {
      // It refuses to start while backends of the one before are there.
      if (child === undefined || child.exitCode !== null) {
        child = spawn(...command('postgres', '-D', data, '-p', String(port), '-k', folder), {
          cwd: folder,
          stdio: 'ignore',
        });
      }
      await sleep(20);
    }
  };
  onTestFinished(async () => {
    await kill();
    rmSync(folder, { recursive: true, force: true, maxRetries: 10 });
  });
  await start();
  return { url, kill, start };
}
