// F31, F32, F34 against a real etcd.
import { describe, expect, onTestFinished, test } from 'vitest';
import { registerInstance } from 'tributary-gateway/upstream';
import { createEtcdSource } from '../../../gateway/upstream/discovery/etcd.ts';
import { startFakeRegistry } from './fake-registry.ts';
import { hasEtcd, startEtcd, type Etcd } from './start-etcd.ts';
import { watchSource } from './watch-source.ts';

const prefix = '/services/inventory/';
const watchEtcd = ({ endpoint }: Etcd) =>
  watchSource(createEtcdSource({ type: 'etcd', endpoints: [endpoint], prefix }));

describe.skipIf(!hasEtcd)(
  `etcd${hasEtcd ? '' : ' (there is no etcd here: install the Debian package etcd-server)'}`,
  () => {
    test('keys below the prefix are the set, changes come by watch; others are none of its business', async () => {
      const etcd = await startEtcd();
      await etcd.put(`${prefix}a`, '127.0.0.1:4004');
      await etcd.put('/services/inventory-old/a', '127.0.0.9:4004');
      const watched = watchEtcd(etcd);
      await watched.untilAddresses('127.0.0.1:4004');
      await etcd.put(`${prefix}b`, '{"addr":"127.0.0.2","port":4004,"weight":3,"zone":"b"}');
      await watched.untilAddresses('127.0.0.1:4004', '127.0.0.2:4004');
      expect(watched.sets.at(-1)).toContainEqual({
        addr: '127.0.0.2',
        port: 4004,
        weight: 3,
        zone: 'b',
        state: 'ready',
      });
      await etcd.delete(`${prefix}a`);
      await watched.untilAddresses('127.0.0.2:4004');
      expect(watched.events.every(({ kind }) => kind === 'instances-changed')).toBe(true);
    });

    test('a value that is garbage costs only itself', async () => {
      const etcd = await startEtcd();
      await etcd.put(`${prefix}a`, '127.0.0.1:4004');
      await etcd.put(`${prefix}b`, '{"addr":');
      const watched = watchEtcd(etcd);
      await watched.untilAddresses('127.0.0.1:4004');
      expect(watched.events).toContainEqual({
        kind: 'instances-refused',
        service: 'catalog',
        type: 'etcd',
        refused: 1,
      });
    });

    test('SIGKILL of etcd removes nobody, and what changed meanwhile is seen after the restart', async () => {
      const etcd = await startEtcd();
      await etcd.put(`${prefix}a`, '127.0.0.1:4004');
      const watched = watchEtcd(etcd);
      await watched.untilAddresses('127.0.0.1:4004');
      await etcd.kill();
      await watched.untilEvent('registry-lost');
      expect(watched.kept.status().isStale).toBe(true);
      expect(watched.addresses()).toEqual(['127.0.0.1:4004']);
      await etcd.start();
      await etcd.put(`${prefix}b`, '127.0.0.2:4004');
      await watched.untilAddresses('127.0.0.1:4004', '127.0.0.2:4004');
      expect(watched.kept.status().isStale).toBe(false);
      expect(watched.sets.every(({ length }) => length > 0)).toBe(true);
    }, 60_000);

    test('a compaction loses nobody', async () => {
      const etcd = await startEtcd();
      await etcd.put(`${prefix}a`, '127.0.0.1:4004');
      const watched = watchEtcd(etcd);
      await watched.untilAddresses('127.0.0.1:4004');
      await etcd.kill();
      await watched.untilEvent('registry-lost');
      await etcd.start();
      for (let turn = 0; turn < 5; turn++) await etcd.put('/elsewhere', String(turn));
      const { header } = await etcd.post('/v3/kv/range', { key: 'AA==' });
      await etcd.post('/v3/kv/compaction', { revision: header.revision, physical: true });
      await etcd.put(`${prefix}b`, '127.0.0.2:4004');
      await watched.untilAddresses('127.0.0.1:4004', '127.0.0.2:4004');
      expect(watched.sets.every(({ length }) => length > 0)).toBe(true);
    }, 60_000);

    test('a registered instance is found, comes back by itself when its lease is lost, and leaves when stopped', async () => {
      const etcd = await startEtcd();
      const watched = watchEtcd(etcd);
      const changes: boolean[] = [];
      let notify = () => {};
      const registration = registerInstance({
        registry: { type: 'etcd', endpoint: etcd.endpoint, prefix },
        service: 'inventory',
        instance: { addr: '127.0.0.1', port: 4004, meta: { version: '2' } },
        ttlMs: 1_500,
        onChange: ({ isRegistered }) => {
          changes.push(isRegistered);
          notify();
        },
      });
      let isStopped = false;
      const stop = async () => {
        if (!isStopped) await registration.stop();
        isStopped = true;
      };
      onTestFinished(stop);
      await watched.untilAddresses('127.0.0.1:4004');
      expect(watched.sets.at(-1)![0]).toMatchObject({ meta: { version: '2' } });
      const { leases } = await etcd.post('/v3/lease/leases', {});
      await etcd.post('/v3/lease/revoke', { ID: leases[0].ID });
      expect(await etcd.values(prefix)).toEqual([]);
      await watched.untilAddresses();
      await watched.untilAddresses('127.0.0.1:4004');
      while (changes.length < 3) await new Promise<void>((resolve) => (notify = resolve));
      expect(changes).toEqual([true, false, true]);
      await stop();
      expect(await etcd.values(prefix)).toEqual([]);
      await watched.untilAddresses();
    }, 60_000);

    test('with authentication it logs in, again after a restart forgot its token; a wrong password is a lost registry without it', async () => {
      const etcd = await startEtcd();
      await etcd.put('/services/a/1', '127.0.0.1:4101');
      await etcd.post('/v3/auth/user/add', { name: 'root', password: 'the-secret' });
      await etcd.post('/v3/auth/user/grant', { user: 'root', role: 'root' });
      await etcd.post('/v3/auth/enable', {});
      const settings = { type: 'etcd', endpoints: [etcd.endpoint], prefix: '/services/a/' } as const;
      const watched = watchSource(createEtcdSource({ ...settings, user: { name: 'root', password: 'the-secret' } }));
      await watched.untilAddresses('127.0.0.1:4101');
      const refused = watchSource(createEtcdSource({ ...settings, user: { name: 'root', password: 'a-wrong-one' } }));
      await refused.untilEvent('registry-lost');
      expect(refused.sets).toEqual([]);
      expect(JSON.stringify(refused.events)).not.toContain('a-wrong-one');
      await etcd.kill();
      await watched.untilEvent('registry-lost');
      await etcd.start();
      await watched.untilEvent('registry-found');
      expect(watched.addresses()).toEqual(['127.0.0.1:4101']);
    });

    test('the next endpoint is asked when one does not answer', async () => {
      const etcd = await startEtcd();
      await etcd.put(`${prefix}a`, '127.0.0.1:4004');
      const endpoints = ['http://127.0.0.1:1', etcd.endpoint];
      const watched = watchSource(createEtcdSource({ type: 'etcd', endpoints, prefix }));
      await watched.untilAddresses('127.0.0.1:4004');
      expect(watched.events[0]).toMatchObject({ kind: 'registry-lost' });
    });
  },
);

test('a watch that is cancelled by a compaction is followed by a new list (played by a fake: it needs a race)', async () => {
  const encode = (text: string) => Buffer.from(text).toString('base64');
  let lists = 0;
  const registry = await startFakeRegistry(({ url, body, answer, line }) => {
    const value = encode(`127.0.0.${++lists}:4004`);
    if (url.pathname === '/v3/kv/range')
      return answer({ header: { revision: '10' }, kvs: [{ key: encode('a'), value }] });
    if (lists > 2) return undefined;
    expect(body.create_request.start_revision).toBe('11');
    return line({ result: { canceled: true, compact_revision: '20' } });
  });
  const watched = watchSource(createEtcdSource({ type: 'etcd', endpoints: [registry.url], prefix }));
  await watched.untilAddresses('127.0.0.3:4004');
  expect(watched.sets.map(({ length }) => length)).toEqual([1, 1]);
});
