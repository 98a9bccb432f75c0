/** Keys in a database (facade.md 3.2, P24 to P26; suite K): exact replays, leases, ttl; with PostgreSQL also two gateways. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ClaimedKey, FacadeResponse } from '../../../gateway/facade/index.ts';
import { openStorage, type Storage } from '../../../gateway/server/storage/open-storage.ts';
import { openShop, type Sent } from '../../facade/bookshop.ts';
import { createOwnDatabase, hasPostgres, type OwnDatabase } from '../../subgraphs/postgres.ts';

const isPostgresThere = await hasPostgres();
const answer: FacadeResponse = {
  status: 201,
  headers: { 'content-type': 'application/json', zeta: '1', alpha: ['a', 'b'] },
  body: '{"title":"Salammbô","n":1.0}',
};
const claimOf = (scope: string, more: object = {}) => ({
  scope,
  fingerprint: 'f',
  ttlMs: 86_400_000,
  leaseMs: 20_000,
  isRepeatable: false,
  ...more,
});
const mine = (claimed: ClaimedKey) => {
  if (claimed.state !== 'mine') throw new Error(`The key is ${claimed.state}`);
  return claimed;
};

interface Place {
  readonly kind: Parameters<typeof openStorage>[0];
  readonly remove: () => Promise<void> | void;
}
const places: Record<string, () => Promise<Place>> = {
  pglite: () => {
    const folder = mkdtempSync(join(tmpdir(), 'keys-'));
    return Promise.resolve({ kind: { kind: 'pglite', folder }, remove: () => rmSync(folder, { recursive: true }) });
  },
  postgresql: async () => {
    const own: OwnDatabase = await createOwnDatabase();
    return { kind: { kind: 'postgresql', url: own.url }, remove: () => own.drop() };
  },
};

describe.each(['pglite', 'postgresql'])('keys and operations in %s', (name) => {
  const isSkipped = name === 'postgresql' && !isPostgresThere;
  let place: Place;
  let storage: Storage;
  let time = Date.parse('2026-01-01T00:00:00Z');
  const now = () => new Date(time);

  beforeAll(async () => {
    if (isSkipped) return;
    place = await places[name]!();
    storage = openStorage(place.kind, now);
  }, 120_000);
  afterAll(async () => {
    if (isSkipped) return;
    await storage.close();
    await place.remove();
  }, 60_000);

  it.skipIf(isSkipped)(
    'gives the very answer again, also to a process that starts later',
    async () => {
      await mine(await storage.keys.claim(claimOf('exact'))).settle(answer);
      const expected = { state: 'done', answer: { ...answer, body: new TextEncoder().encode(String(answer.body)) } };
      const found = await storage.keys.claim(claimOf('exact'));
      expect(found).toEqual(expected);
      expect(found.state === 'done' && Object.keys(found.answer.headers)).toEqual(['content-type', 'zeta', 'alpha']);
      await storage.close();
      storage = openStorage(place.kind, now);
      expect(await storage.keys.claim(claimOf('exact'))).toEqual(expected);
    },
    120_000,
  );

  it.skipIf(isSkipped)('tells a body that is none from an empty one', async () => {
    await mine(await storage.keys.claim(claimOf('none'))).settle({ status: 204, headers: {}, body: undefined });
    await mine(await storage.keys.claim(claimOf('empty'))).settle({ status: 200, headers: {}, body: '' });
    expect(await storage.keys.claim(claimOf('none'))).toMatchObject({ answer: { status: 204, body: undefined } });
    expect(await storage.keys.claim(claimOf('empty'))).toMatchObject({ answer: { body: new Uint8Array() } });
  });

  it.skipIf(isSkipped)('gives one of 100 claims at once the key, and tells the others that it is running', async () => {
    const claims = await Promise.all(Array.from({ length: 100 }, () => storage.keys.claim(claimOf('many'))));
    const states = claims.map(({ state }) => state);
    expect([states.filter((one) => one === 'mine').length, states.filter((one) => one === 'running').length]).toEqual([
      1, 99,
    ]);
  });

  it.skipIf(isSkipped)('refuses another request under the key, running or done', async () => {
    const held = mine(await storage.keys.claim(claimOf('other')));
    const other = claimOf('other', { fingerprint: 'g' });
    expect((await storage.keys.claim(other)).state).toBe('other-request');
    await held.settle(answer);
    expect((await storage.keys.claim(other)).state).toBe('other-request');
  });

  it.skipIf(isSkipped)('frees the key when there is nothing to keep', async () => {
    await mine(await storage.keys.claim(claimOf('free'))).settle(undefined);
    expect((await storage.keys.claim(claimOf('free'))).state).toBe('mine');
  });

  it.skipIf(isSkipped)(
    'a claim whose holder died is running until its lease is over, and interrupted then',
    async () => {
      await storage.keys.claim(claimOf('dead'));
      time += 19_999;
      expect((await storage.keys.claim(claimOf('dead'))).state).toBe('running');
      time += 1;
      expect((await storage.keys.claim(claimOf('dead'))).state).toBe('interrupted');
      expect((await storage.keys.claim(claimOf('dead', { fingerprint: 'g' }))).state).toBe('other-request');
    },
  );

  it.skipIf(isSkipped)(
    'work that may be done twice is taken over by one, and the dead holder changes nothing any more',
    async () => {
      const dead = mine(await storage.keys.claim(claimOf('twice', { isRepeatable: true })));
      time += 20_000;
      const claims = await Promise.all(
        [1, 2, 3].map(() => storage.keys.claim(claimOf('twice', { isRepeatable: true }))),
      );
      expect(claims.map(({ state }) => state).sort()).toEqual(['mine', 'running', 'running']);
      await dead.settle({ ...answer, status: 500 });
      await dead.settle(undefined);
      expect((await storage.keys.claim(claimOf('twice', { isRepeatable: true }))).state).toBe('running');
      await mine(claims.find(({ state }) => state === 'mine')!).settle(answer);
      expect(await storage.keys.claim(claimOf('twice'))).toMatchObject({ state: 'done', answer: { status: 201 } });
    },
  );

  it.skipIf(isSkipped)('forgets an answer when its ttl is over', async () => {
    await mine(await storage.keys.claim(claimOf('old', { ttlMs: 1_000 }))).settle(answer);
    time += 999;
    expect((await storage.keys.claim(claimOf('old'))).state).toBe('done');
    time += 1;
    expect((await storage.keys.claim(claimOf('old', { fingerprint: 'g' }))).state).toBe('mine');
  });

  it.skipIf(isSkipped)(
    '100 posts with one key write once, over two facades',
    async () => {
      const shops = [openShop({ idempotencyStore: storage.keys }), openShop({ idempotencyStore: storage.keys })];
      const body = { title: 'Bouvard', authorIds: ['gustave-flaubert'], price: '9.90' };
      const post: Sent = { method: 'POST', body, headers: { 'idempotency-key': 'parallel' } };
      const answers = await Promise.all(Array.from({ length: 100 }, (_, i) => shops[i % 2]!.send('/rest/books', post)));
      expect(shops[0]!.executed.length + shops[1]!.executed.length).toBe(1);
      expect(answers.every(({ status }) => status === 201 || status === 409)).toBe(true);
      const first = answers.find(({ status, headers }) => status === 201 && !('idempotency-replayed' in headers))!;
      const again = await shops[1]!.send('/rest/books', post);
      expect(again.headers).toEqual({ ...first.headers, 'idempotency-replayed': 'true' });
      expect(Buffer.from(again.body as Uint8Array).toString()).toBe(String(first.body));
    },
    60_000,
  );

  it.skipIf(isSkipped)('keeps operations with their very ends, until they expire', async () => {
    const at = (ms: number) => new Date(time + ms);
    const operation = { name: 'AddBook', startedAt: at(0), leaseUntil: at(10_000), expiresAt: at(60_000) };
    await storage.operations.add({ id: 'a', ...operation });
    await storage.operations.add({ id: 'b', ...operation });
    expect(await storage.operations.find('a')).toEqual({ id: 'a', ...operation });
    await storage.operations.end('b', { at: at(5), answer });
    const body = new TextEncoder().encode(String(answer.body));
    const ended = { id: 'b', ...operation, ended: { at: at(5), answer: { ...answer, body } } };
    expect(await storage.operations.find('b')).toEqual(ended);
    expect(await storage.operations.find('c')).toBeUndefined();
    time += 60_000;
    expect(await storage.operations.find('b')).toBeUndefined();
  });

  it.skipIf(isSkipped || name === 'postgresql')(
    'what was under way in a folder is interrupted for who opens it next, and what has ended is there',
    async () => {
      const [leaseUntil, expiresAt] = [new Date(time + 10_000), new Date(time + 60_000)];
      const operation = { name: 'AddBook', startedAt: now(), leaseUntil, expiresAt };
      for (const id of ['left', 'ended']) await storage.operations.add({ id, ...operation });
      await storage.operations.end('ended', { at: now(), answer });
      await storage.close();
      expect((await storage.operations.find('left'))?.leaseUntil).toEqual(now());
      expect((await storage.operations.find('ended'))?.ended?.answer.status).toBe(201);
    },
    60_000,
  );

  it.skipIf(isSkipped || name === 'pglite')(
    'two gateways on one server share the keys',
    async () => {
      const second = openStorage(place.kind, now);
      try {
        const stores = [storage.keys, second.keys];
        const claims = await Promise.all(Array.from({ length: 40 }, (_, i) => stores[i % 2]!.claim(claimOf('shared'))));
        expect(claims.filter(({ state }) => state === 'mine').length).toBe(1);
        await mine(claims.find(({ state }) => state === 'mine')!).settle(answer);
        expect((await second.keys.claim(claimOf('shared'))).state).toBe('done');
      } finally {
        await second.close();
      }
    },
    60_000,
  );

  it.skipIf(isSkipped || name === 'postgresql')('a folder in use is refused, and free again after close', async () => {
    await storage.keys.claim(claimOf('lock'));
    const second = openStorage(place.kind, now);
    await expect(second.keys.claim(claimOf('lock'))).rejects.toThrow('is in use by process');
    await second.close();
  });
});
