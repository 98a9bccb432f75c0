/** PGlite has no lock of its own, and two processes on one folder destroy it. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Throws when a living process, this one included, holds the folder; what a dead one left is taken over. */
export function lockFolder(folder: string): () => void {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, 'lock');
  const own = describeProcess(process.pid);
  try {
    writeFileSync(file, own, { flag: 'wx' });
  } catch {
    const holder = readFileSync(file, 'utf8');
    const pid = Number(holder.split(' ')[0]);
    if (pid > 0 && describeProcess(pid) === holder) throw new Error(`Folder "${folder}" is in use by process ${pid}`);
    writeFileSync(file, own);
  }
  return () => rmSync(file, { force: true });
}

/**
 * Process id and, where the system tells it, start time: ids are given out again. One that was killed and whose remains nobody has
 * collected yet (a zombie) is dead, though its id still answers.
 */
function describeProcess(pid: number): string {
  try {
    const status = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = status.slice(status.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' || fields[0] === 'X' ? `${pid} dead` : `${pid} ${fields[19]}`;
  } catch {
    return isAlive(pid) ? String(pid) : `${pid} dead`;
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
