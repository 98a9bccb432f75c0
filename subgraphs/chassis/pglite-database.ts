/**
 * PostgreSQL inside the process (PGlite). A new data folder is filled from a template made once per machine: setting up
 * a database from nothing takes seconds, loading the template a fraction of one.
 */
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PGlite, type Transaction } from '@electric-sql/pglite';
import type { Database, Sql } from './database.ts';

export async function openPglite(service: string, folder: string | undefined): Promise<Database> {
  const unlock = folder === undefined ? () => {} : lockFolder(folder);
  try {
    const database = await createPglite(folder);
    await database.exec(`create schema if not exists "${service}"; set search_path = "${service}";`);
    return wrap(database, unlock);
  } catch (error) {
    unlock();
    throw error;
  }
}

function wrap(database: PGlite, unlock: () => void): Database {
  const sqlOver = (target: PGlite | Transaction): Sql => ({
    async query<Row extends object>(text: string, values: readonly unknown[] = []) {
      return (await target.query<Row>(text, [...values])).rows;
    },
  });
  return {
    ...sqlOver(database),
    transaction: (work) => database.transaction((transaction) => work(sqlOver(transaction))),
    async close() {
      await database.close();
      unlock();
    },
  };
}

async function createPglite(folder: string | undefined): Promise<PGlite> {
  if (folder === undefined) return PGlite.create({ loadDataDir: await readTemplate() });
  const data = join(folder, 'data');
  if (existsSync(join(data, 'PG_VERSION'))) return PGlite.create(data);
  mkdirSync(folder, { recursive: true });
  return PGlite.create({ dataDir: data, loadDataDir: await readTemplate() });
}

/** The template is kept beside the installed packages, or in the temporary folder where those cannot be written. */
function templateFile(): string {
  const manifest = createRequire(import.meta.url).resolve('@electric-sql/pglite');
  const modules = manifest.slice(0, manifest.lastIndexOf('node_modules') + 'node_modules'.length);
  for (const folder of [join(modules, '.cache', 'tributary'), join(tmpdir(), 'tributary')]) {
    try {
      mkdirSync(folder, { recursive: true });
      const probe = join(folder, `.probe-${process.pid}`);
      writeFileSync(probe, '');
      rmSync(probe);
      return join(folder, 'pglite-0.5.16.tar');
    } catch {
      continue;
    }
  }
  throw new Error('Cannot write the database template: neither node_modules nor the temporary folder can be written');
}

/** Makes the template when it is not there yet. Call it once before opening several databases at the same time. */
export async function prepareTemplate(): Promise<void> {
  const file = templateFile();
  if (!existsSync(file)) await makeTemplate(file);
}

async function readTemplate(): Promise<Blob> {
  await prepareTemplate();
  return new Blob([await readFile(templateFile())]);
}

async function makeTemplate(file: string): Promise<void> {
  const database = await PGlite.create();
  const dump = await database.dumpDataDir('none');
  await database.close();
  const partial = `${file}.${process.pid}`;
  writeFileSync(partial, Buffer.from(await dump.arrayBuffer()));
  renameSync(partial, file);
}

/** PGlite has no lock of its own, and two processes on one folder destroy it. A lock of a dead process is taken over. */
function lockFolder(folder: string): () => void {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, 'lock');
  const own = describeProcess(process.pid);
  try {
    writeFileSync(file, own, { flag: 'wx' });
  } catch {
    const holder = readFileSync(file, 'utf8');
    const pid = Number(holder.split(' ')[0]);
    if (holder !== own && isAlive(pid) && describeProcess(pid) === holder) {
      throw new Error(`Data folder "${folder}" is in use by process ${pid}: stop it first, or start with --ephemeral`);
    }
    writeFileSync(file, own);
  }
  return () => rmSync(file, { force: true });
}

/**
 * Process id and, where the system tells it, start time: ids are given out again. A process that was killed and whose
 * remains nobody has collected yet (a zombie) is dead, though its id still answers.
 */
function describeProcess(pid: number): string {
  try {
    const status = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = status.slice(status.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' || fields[0] === 'X' ? `${pid} dead` : `${pid} ${fields[19]}`;
  } catch {
    return String(pid);
  }
}

function isAlive(pid: number): boolean {
  try {
    return pid > 0 && process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
