/** The lock of a data folder: held by a living process, taken over from a dead one. */
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openDatabase } from '../../../subgraphs/chassis/database.ts';

let folder: string;
beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), 'tributary-lock-')), 'catalog');
  mkdirSync(folder);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const statusOf = (pid: number): string[] => {
  const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  return text.slice(text.lastIndexOf(')') + 2).split(' ');
};
const lockAs = (pid: number): void => writeFileSync(join(folder, 'lock'), `${pid} ${statusOf(pid)[19]}`);
const open = () => openDatabase('catalog', { kind: 'folder', folder });

describe.skipIf(process.platform !== 'linux')('a data folder (start times of processes are read from /proc)', () => {
  test('that a living process holds is refused, and says by whom', async () => {
    const holder = spawn('sleep', ['60']);
    lockAs(holder.pid!);
    await expect(open()).rejects.toThrow(`is in use by process ${holder.pid}`);
    holder.kill();
  });

  test('that a killed process held is taken over, also while nobody has collected its remains', async () => {
    // The shell starts a child, then becomes a program that never waits for it: killed after that, the child is a zombie.
    const parent = spawn('sh', ['-c', 'sleep 60 & echo $!; exec sleep 60']);
    const [line] = (await new Promise<Buffer>((resolve) => parent.stdout.once('data', resolve))).toString().split('\n');
    const pid = Number(line);
    await expect.poll(() => readFileSync(`/proc/${parent.pid}/comm`, 'utf8')).toBe('sleep\n');
    process.kill(pid, 'SIGKILL');
    await expect.poll(() => statusOf(pid)[0]).toBe('Z');
    lockAs(pid);
    const database = await open();
    expect(await database.query('select 1 as one')).toEqual([{ one: 1 }]);
    await database.close();
    parent.kill();
  });
});
