// F51 and F52 of the fault table: too few descriptors, a full disk.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { discoverServices } from '../../gateway/upstream/discovery/discover-services.ts';
import type { DiscoveryEvent } from '../../gateway/upstream/discovery/events.ts';
import { settle } from '../faults/wire.ts';
import { runCalls } from './run-calls.ts';

async function startServer(bytes: number): Promise<string> {
  const body = JSON.stringify('a'.repeat(bytes));
  const server = createServer((_request, response) => {
    // So that many are open at one time.
    setTimeout(() => response.setHeader('content-type', 'application/json').end(body), 200);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const numbered = (url: string, count: number) => Array.from({ length: count }, (_, n) => `${url}/${n}`);

test('F51 without descriptors calls are UPSTREAM_UNREACHABLE, nothing crashes, and afterwards all is well', async () => {
  const url = await startServer(10);
  const [during, after] = await runCalls({
    under: ['sh', '-c', 'ulimit -n 80 && exec "$@"', 'sh'],
    settings: { retry: { retries: 0 }, breaker: { enabled: false }, bulkhead: { concurrent: 500 } },
    phases: [numbered(url, 120), numbered(`${url}/after`, 10)],
  });
  const ends = new Set(during!.map(({ end, reason }) => [end, reason].join(' ').trim()));
  expect(ends).toEqual(new Set(['200', 'UPSTREAM_UNREACHABLE no-descriptor']));
  expect(new Set(after!.map(({ end }) => end))).toEqual(new Set(['200']));
});

const canMount = process.getuid?.() === 0;
test.skipIf(!canMount)(
  `F52 a full disk for the snapshot: the set is used, and there is one warning${canMount ? '' : ' (mounting needs root)'}`,
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'tributary-full-'));
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=16k', 'tmpfs', folder]);
    onTestFinished(() => {
      execFileSync('umount', [folder]);
      rmSync(folder, { recursive: true });
    });
    const list = join(folder, 'reviews.yaml');
    writeFileSync(list, '- 127.0.0.1:4103\n');
    expect(() => writeFileSync(join(folder, 'filler'), Buffer.alloc(32_768))).toThrow(/ENOSPC/);
    const events: DiscoveryEvent[] = [];
    const keep = { emptyHoldMs: 50, backoff: { baseMs: 20, maxMs: 40 }, snapshot: join(folder, 'snapshot.json') };
    const discovery = discoverServices({
      services: [{ service: 'reviews', discovery: { type: 'file', path: list, pollMs: 10 }, keep }],
      emit: (event) => void events.push(event),
    });
    onTestFinished(() => discovery.close());
    const untilSet = async (address: string) => {
      while (
        discovery
          .status()[0]!
          .instances.map(({ addr, port }) => `${addr}:${port}`)
          .join() !== address
      ) {
        await settle(1);
      }
    };
    await untilSet('127.0.0.1:4103');
    // Within the block that the file has already.
    writeFileSync(list, '- 127.0.0.1:4104\n', { flag: 'r+' });
    await untilSet('127.0.0.1:4104');
    while (!events.some(({ kind }) => kind === 'snapshot-failed')) await settle(1);
    expect(events.filter(({ kind }) => kind === 'snapshot-failed')).toHaveLength(1);
  },
);
