/** `kill -9` in the middle of writes, then a restart: nothing that was acknowledged is lost. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';

interface Running {
  readonly process: ChildProcess;
  readonly url: string;
}

const folders: string[] = [];
const running = new Set<ChildProcess>();
afterAll(() => {
  for (const child of running) child.kill('SIGKILL');
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** Starts a service as its users do, and waits for the line that says where it answers. */
async function startProcess(service: string, folder: string): Promise<Running> {
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', '--conditions=source', 'subgraphs/service.ts', service, '--port', '0'],
    { env: { ...process.env, DATA_DIR: folder, DATABASE_URL: '' }, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  running.add(child);
  let output = '';
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  for await (const chunk of child.stdout) {
    output += String(chunk);
    const url = /answers at (\S+)/.exec(output)?.[1];
    if (url !== undefined) return { process: child, url };
  }
  throw new Error(`${service} did not start: ${output}`);
}

async function kill(child: ChildProcess): Promise<void> {
  child.kill('SIGKILL');
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  running.delete(child);
}

interface Row {
  readonly service: string;
  readonly write: (url: string, number: number) => Promise<string>;
  readonly read: (url: string, id: string) => Promise<number>;
}

const post = async (url: string, body: unknown, headers: Record<string, string> = {}): Promise<string> => {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  if (response.status !== 201) throw new Error(`answered ${response.status}`);
  return ((await response.json()) as { id: string }).id;
};
const statusOf = async (url: string): Promise<number> => (await fetch(url)).status;

const rows: readonly Row[] = [
  {
    service: 'catalog',
    write: (url, n) =>
      post(`${url}/v2/books`, {
        title: `Durable ${n}`,
        authors: [{ id: 'gustave-flaubert' }],
        price: { amount: '10.00', currency: 'EUR' },
      }),
    read: (url, id) => statusOf(`${url}/v2/books/${id}`),
  },
  {
    service: 'reviews',
    write: (url, n) =>
      post(
        `${url}/v1/reviews`,
        { bookId: `book-${n}`, rating: 5, text: 'Written to last, whatever comes.' },
        { 'x-reader': 'ana' },
      ),
    read: (url, id) => statusOf(`${url}/v1/reviews/${id}`),
  },
];

describe.each(rows)('$service, killed while four clients write', ({ service, write, read }) => {
  it('has every acknowledged write after the restart, twice over', { timeout: 120_000 }, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'tributary-kill-'));
    folders.push(folder);
    const acknowledged: string[] = [];
    let next = 0;
    for (let round = 0; round < 2; round++) {
      const { process: child, url } = await startProcess(service, folder);
      const target = acknowledged.length + 40;
      const writer = async (): Promise<void> => {
        for (;;) {
          try {
            acknowledged.push(await write(url, next++));
          } catch {
            return; // The service is gone: whatever was under way was not acknowledged.
          }
          if (acknowledged.length === target) child.kill('SIGKILL');
        }
      };
      await Promise.all([writer(), writer(), writer(), writer()]);
      await kill(child);
      expect(acknowledged.length).toBeGreaterThanOrEqual(target);
    }
    const { process: child, url } = await startProcess(service, folder);
    const lost = [];
    for (const id of acknowledged) if ((await read(url, id)) !== 200) lost.push(id);
    await kill(child);
    expect(lost).toEqual([]);
  });
});
