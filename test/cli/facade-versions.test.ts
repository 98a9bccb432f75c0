/** `tributary facade versions`: from the settings file, with the clients of a running gateway where one answers. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { main } from '../../gateway/cli/main.ts';

async function run(...args: string[]) {
  let [out, err] = ['', ''];
  const io = { out: (text: string) => void (out += text), err: (text: string) => void (err += text), env: {} };
  return { exitCode: await main(['facade', ...args], io), out, err };
}

async function startAdmin(report: object): Promise<string> {
  const server = createServer((request, response) => {
    response.setHeader('content-type', 'application/json');
    response.statusCode = request.url === '/admin/versions' ? 200 : 404;
    response.end(JSON.stringify(report));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test('prints versions with dates, documents, routes and the clients that were seen', async () => {
  const clients = [{ name: 'till', requests: 3, gone: 1, lastSeen: '2026-12-24T00:00:00.000Z' }];
  const admin = await startAdmin({ since: '2026-12-01T00:00:00.000Z', versions: [{ version: 'v1', clients }] });
  const { exitCode, out, err } = await run('versions', '--admin', admin);
  expect([exitCode, err]).toEqual([0, '']);
  expect(out).toContain('v2  current  /rest/openapi.json');
  expect(out).toContain('v1  deprecated 2026-06-30  sunset 2027-06-30  /rest/v1/openapi.json');
  expect(out).toMatch(/GET {5}\/rest\/v1\/books\/\{id\} {2}GetBookV1/);
  expect(out).toContain('client till: 3 requests, 1 answered by 410, last 2026-12-24T00:00:00.000Z');
});

test('without a gateway it says so, and prints the rest', async () => {
  const { exitCode, out, err } = await run('versions', '--admin', 'http://127.0.0.1:1', '--json');
  expect(exitCode).toBe(0);
  expect(err).toBe('No gateway answers at http://127.0.0.1:1, so its clients are not known');
  const { data } = JSON.parse(out) as { data: { since: null; versions: { version: string }[] } };
  expect(data.since).toBeNull();
  expect(data.versions.map(({ version }) => version)).toEqual(['v2', 'v1']);
});

test('another action is a usage error', async () => {
  const { exitCode, err } = await run('version');
  expect([exitCode, err]).toEqual([2, 'error[USAGE] Unknown action "version" of facade. Did you mean "versions"?']);
});
