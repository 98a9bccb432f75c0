/** Suite K: a gateway is killed in the middle of a write under a key. Nothing is written a second time. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openStorage } from '../../../gateway/server/storage/open-storage.ts';
import { jsonOf, openShop } from '../../facade/bookshop.ts';

const book = { title: 'Bouvard', authorIds: ['gustave-flaubert'], price: '9.90' };
const order = { customer: 'emma', lines: [{ bookId: 'madame-bovary', quantity: 1 }] };
const longAfter = () => new Date(Date.now() + 3_600_000);

it.each([
  ['a service that does not know the key is not asked again', '/rest/books', book, [500, 0]],
  ['a service that knows the key is asked again', '/rest/orders', order, [201, 1]],
])(
  'after kill -9 %s',
  async (_, path, body, expected) => {
    const folder = mkdtempSync(join(tmpdir(), 'killed-'));
    const program = 'test/server/storage/hold-key.ts';
    const child = spawn(
      process.execPath,
      ['--import', 'tsx', '--conditions=source', program, folder, path, JSON.stringify(body)],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    const closed = once(child, 'close');
    await once(child.stdout, 'data');
    child.kill('SIGKILL');
    await closed;

    const post = { method: 'POST', body, headers: { 'idempotency-key': 'k' } };
    let now = () => new Date();
    const storage = openStorage({ kind: 'pglite', folder }, () => now());
    try {
      const shop = openShop({ idempotencyStore: storage.keys });
      const soon = await shop.send(path, post);
      expect([soon.status, jsonOf(soon)['code']]).toEqual([409, 'IDEMPOTENCY_KEY_IN_USE']);
      now = longAfter;
      const later = await shop.send(path, post);
      expect([later.status, shop.executed.length]).toEqual(expected);
      if (later.status === 500) expect(jsonOf(later)['code']).toBe('OUTCOME_UNKNOWN');
    } finally {
      await storage.close();
      rmSync(folder, { recursive: true });
    }
  },
  120_000,
);
