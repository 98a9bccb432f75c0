// A real etcd that is reached by https, asks for a certificate, and for a name and a password.
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { registerInstance } from 'tributary-gateway/upstream';
import { createEtcdSource } from '../../../gateway/upstream/discovery/etcd.ts';
import type { RegistryTlsFiles } from '../../../gateway/upstream/discovery/registry-client.ts';
import { createCertificates, type Certificates } from '../certificates.ts';
import { hasEtcd, startEtcd } from './start-etcd.ts';
import { watchSource } from './watch-source.ts';

const prefix = '/services/inventory/';
const user = { name: 'root', password: 'the-secret' };

describe.skipIf(!hasEtcd)(`etcd by https${hasEtcd ? '' : ' (Debian package etcd-server)'}`, () => {
  let certificates: Certificates;
  let files: Required<RegistryTlsFiles>;
  beforeAll(() => {
    certificates = createCertificates();
    const { makeAuthority, makeCertificate, at } = certificates;
    makeAuthority('ours');
    makeAuthority('theirs');
    makeCertificate('server', 'ours', 'IP:127.0.0.1');
    makeCertificate('client', 'ours', 'DNS:gateway');
    makeCertificate('stranger', 'theirs', 'DNS:gateway');
    files = { caFile: at('ours.pem'), certFile: at('client.pem'), keyFile: at('client.key') };
  });
  afterAll(() => certificates.remove());

  test('a service registers itself with certificate and password, is found with them, and leaves again', async () => {
    const { at } = certificates;
    const etcd = await startEtcd({ ca: at('ours.pem'), cert: at('server.pem'), key: at('server.key') });
    await etcd.post('/v3/auth/user/add', user);
    await etcd.post('/v3/auth/user/grant', { user: user.name, role: 'root' });
    await etcd.post('/v3/auth/enable', {});
    const settings = { type: 'etcd', endpoints: [etcd.endpoint], prefix, user } as const;
    const watched = watchSource(createEtcdSource({ ...settings, ...files }));
    const changes: boolean[] = [];
    const registration = registerInstance({
      registry: { type: 'etcd', endpoint: etcd.endpoint, prefix, user, ...files },
      service: 'inventory',
      instance: { addr: '127.0.0.1', port: 4004 },
      ttlMs: 3_000,
      onChange: ({ isRegistered }) => void changes.push(isRegistered),
    });
    let isStopped = false;
    const stop = async () => {
      if (!isStopped) await registration.stop();
      isStopped = true;
    };
    onTestFinished(stop);
    await watched.untilAddresses('127.0.0.1:4004');

    const refused: (readonly [string, Partial<typeof files>])[] = [
      ['no certificate', { caFile: files.caFile }],
      ['a certificate of others', { ...files, certFile: at('stranger.pem'), keyFile: at('stranger.key') }],
      ['another authority', { ...files, caFile: at('theirs.pem') }],
      ['a file that is not there', { ...files, caFile: at('nowhere.pem') }],
    ];
    for (const [name, other] of refused) {
      const stranger = watchSource(createEtcdSource({ ...settings, ...other }));
      await stranger.untilEvent('registry-lost');
      expect([name, stranger.sets]).toEqual([name, []]);
      expect(JSON.stringify(stranger.events)).not.toContain(user.password);
    }
    expect(changes[0]).toBe(true);
    await stop();
    await watched.untilAddresses();
  }, 60_000);
});
