// F55 of the fault table: certificates that are wrong, made by an authority of the test's own (openssl).
import { copyFileSync, readFileSync, renameSync } from 'node:fs';
import { createServer as createTlsServer, type ServerOptions } from 'node:https';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import {
  createUpstream,
  UpstreamError,
  type PartialUpstreamSettings,
  type UpstreamEvent,
} from 'tributary-gateway/upstream';
import { createStaticDiscovery } from '../../gateway/upstream/discovery/static.ts';
import { createCertificates } from '../upstream/certificates.ts';
import { runCalls } from './run-calls.ts';

const { at, makeAuthority, makeCertificate, remove } = createCertificates();
const servers: Server[] = [];
const sockets = new Set<Socket>();
const urls = new Map<string, string>();

async function listen(name: string, server: Server): Promise<void> {
  servers.push(server.on('connection', (socket: Socket) => void sockets.add(socket)));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  urls.set(name, `https://127.0.0.1:${(server.address() as AddressInfo).port}/${name}`);
}

const serve = (name: string, certificate: string, options: ServerOptions = {}) =>
  listen(
    name,
    createTlsServer(
      { cert: readFileSync(at(`${certificate}.pem`)), key: readFileSync(at(`${certificate}.key`)), ...options },
      // Each call its own handshake.
      (_request, response) =>
        void response.setHeader('content-type', 'application/json').setHeader('connection', 'close').end('{}'),
    ),
  );

beforeAll(async () => {
  makeAuthority('ours');
  makeAuthority('theirs');
  makeCertificate('good', 'ours', 'IP:127.0.0.1');
  makeCertificate('expired', 'ours', 'IP:127.0.0.1', ['200101000000Z', '200201000000Z']);
  makeCertificate('elsewhere', 'ours', 'DNS:books.example');
  makeCertificate('stranger', 'theirs', 'IP:127.0.0.1');
  for (const name of ['good', 'expired', 'elsewhere', 'stranger']) await serve(name, name);
  makeCertificate('client', 'ours', 'DNS:gateway');
  makeCertificate('renewed', 'theirs', 'DNS:gateway');
  await serve('mutual', 'good', { ca: readFileSync(at('ours.pem')), requestCert: true });
  await serve('mutual-later', 'stranger', { ca: readFileSync(at('theirs.pem')), requestCert: true });
  await serve('alpn', 'good', { ALPNProtocols: ['h2'] });
  await listen('silent', createServer());
});
afterAll(() => {
  for (const socket of sockets) socket.destroy();
  for (const server of servers) server.close();
  remove();
});

test('F55 a wrong certificate is UPSTREAM_UNREACHABLE with reason tls after one attempt, a hanging handshake connect-timeout', async () => {
  const names = ['good', 'expired', 'elsewhere', 'stranger', 'alpn', 'silent'];
  const [results] = await runCalls({
    env: { NODE_EXTRA_CA_CERTS: at('ours.pem') },
    settings: { deadline: { connectTlsMs: 1000 }, breaker: { enabled: false } },
    phases: [names.map((name) => urls.get(name)!)],
  });
  const found = Object.fromEntries(
    results!.map(({ end, reason, attempts }, index) => [names[index]!, [end, reason ?? '', attempts]]),
  );
  expect(found).toMatchObject({
    good: ['200', '', 1],
    expired: ['UPSTREAM_UNREACHABLE', 'tls', 1],
    elsewhere: ['UPSTREAM_UNREACHABLE', 'tls', 1],
    stranger: ['UPSTREAM_UNREACHABLE', 'tls', 1],
    silent: ['UPSTREAM_UNREACHABLE', 'connect-timeout', 3],
  });
  // Which error it is depends on the versions of both sides; that the handshake failed does not.
  expect(found['alpn']!.slice(0, 2)).toEqual(['UPSTREAM_UNREACHABLE', 'tls']);
});

/** Calls in this process, which trusts nobody but whom its settings name. */
function start(tls: Partial<Record<'ca' | 'cert' | 'key', string>>, instances?: readonly string[]) {
  const events: UpstreamEvent[] = [];
  const files = { ca: null, cert: null, key: null, ...tls };
  const settings: PartialUpstreamSettings = {
    transport: { tls: files, connections: 8, keepAliveMs: 4000 },
    cache: { enabled: false },
    retry: { backoff: { baseMs: 1, maxMs: 1 } },
  };
  const origins = instances?.map((name) => new URL(urls.get(name)!).origin);
  const upstream = createUpstream({
    settings,
    ...(origins === undefined ? {} : { discovery: { catalog: createStaticDiscovery(origins) } }),
    // The first of two.
    random: () => 0,
    emit: (event) => void events.push(event),
  });
  onTestFinished(() => upstream.close());
  const context = () => ({
    signal: new AbortController().signal,
    deadlineAt: performance.now() + 60_000,
    identity: '',
    requestId: '',
  });
  return {
    events,
    attempts: () => events.filter(({ kind }) => kind === 'attempt-started').length,
    call: async (url: string): Promise<string> => {
      const request = { service: 'catalog', method: 'GET', url, headers: {}, context: context() };
      try {
        return String((await upstream.call(request)).status);
      } catch (error) {
        return error instanceof UpstreamError ? `${error.code} ${error.reason}` : String(error);
      }
    },
  };
}

/** As a rotation does it: a new file takes the place of the old one. */
function replace(file: string, by: string): void {
  copyFileSync(at(by), at(`${file}.new`));
  renameSync(at(`${file}.new`), at(file));
}

test('F55 transport.tls: who is trusted and what is shown are those of the files, and change with them without a restart', async () => {
  for (const [file, from] of Object.entries({
    'trusted.pem': 'ours.pem',
    'shown.pem': 'client.pem',
    'shown.key': 'client.key',
  })) {
    replace(file, from);
  }
  const { call, events } = start({ ca: at('trusted.pem'), cert: at('shown.pem'), key: at('shown.key') });
  expect(await call(urls.get('mutual')!)).toBe('200');
  expect(await call(urls.get('mutual-later')!)).toBe('UPSTREAM_UNREACHABLE tls');

  // Half of a rotation: the key does not fit, so what was there before is used on.
  replace('shown.key', 'renewed.key');
  expect(await call(`${urls.get('mutual')!}/half`)).toBe('200');
  replace('shown.pem', 'renewed.pem');
  replace('trusted.pem', 'theirs.pem');
  expect(await call(urls.get('mutual-later')!)).toBe('200');
  expect(await call(urls.get('mutual')!)).toBe('UPSTREAM_UNREACHABLE tls');
  expect(events.filter(({ kind }) => kind === 'tls-files-changed')).toMatchObject([
    { service: 'catalog', isUsable: false, reason: 'ERR_OSSL_X509_KEY_VALUES_MISMATCH' },
    { service: 'catalog', isUsable: true },
  ]);
});

test('F55 files that were never usable are UPSTREAM_UNREACHABLE with reason tls after one attempt, until they are', async () => {
  const { call, attempts, events } = start({ ca: at('later.pem') });
  expect(await call(urls.get('good')!)).toBe('UPSTREAM_UNREACHABLE tls');
  expect([attempts(), events.find(({ kind }) => kind === 'tls-files-changed')]).toMatchObject([
    1,
    { reason: 'ENOENT' },
  ]);
  replace('later.pem', 'ours.pem');
  expect(await call(urls.get('good')!)).toBe('200');
});

test.each([
  { instances: ['stranger', 'good'], end: '200', attempts: 2 },
  { instances: ['stranger', 'expired', 'elsewhere'], end: 'UPSTREAM_UNREACHABLE tls', attempts: 2 },
  { instances: ['stranger'], end: 'UPSTREAM_UNREACHABLE tls', attempts: 1 },
])(
  'F55 a wrong certificate is tried once more, on another instance: $instances',
  async ({ instances, end, attempts }) => {
    const started = start({ ca: at('ours.pem') }, instances);
    expect([await started.call('https://catalog/good'), started.attempts()]).toEqual([end, attempts]);
    const asked = started.events.flatMap((event) => (event.kind === 'attempt-started' ? [event.instance] : []));
    expect(new Set(asked).size).toBe(attempts);
  },
);
