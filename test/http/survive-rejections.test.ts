/**
 * A gateway does not end because of one query. graphql-js 16 leaves a rejection unhandled when an item of a list fails at
 * once while another is pending and fails later; the services here answer just so.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';

const schema = `
extend schema
  @link(url: "https://specs.apollo.dev/federation/v2.12", import: ["@key"])
  @link(url: "https://specs.apollo.dev/connect/v0.3", import: ["@source", "@connect"])
  @source(name: "api", http: { baseURL: "http://127.0.0.1:1" })
type Query { items: [Item!] @connect(source: "api", http: { GET: "/items" }, selection: "id") }
type Item {
  id: ID!
  name: String! @connect(source: "api", http: { GET: "/names/{$this.id}" }, selection: "$.name")
}
`;

test.each(['apollo', 'tributary'])(
  'a list whose items fail at different times, engine %s',
  { timeout: 120_000 },
  async (engine) => {
    const folder = mkdtempSync(join(tmpdir(), 'tributary-rejections-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const service = createServer((request, response) => {
      response.setHeader('content-type', 'application/json');
      if (request.url === '/items') response.end('[{"id":"1"},null]');
      else response.writeHead(404).end('{}');
    });
    await once(service.listen(0, '127.0.0.1'), 'listening');
    onTestFinished(() => void service.close());
    const address = `http://127.0.0.1:${(service.address() as AddressInfo).port}`;
    writeFileSync(join(folder, 'a.graphql'), schema);
    const settings = {
      engine,
      server: { port: 0, admin: { enabled: false } },
      log: { level: 'silent' },
      services: { a: { schema: './a.graphql' } },
      connectors: { sources: { 'a.api': { override_url: address } } },
    };
    writeFileSync(join(folder, 'tributary.yaml'), JSON.stringify(settings));

    const program =
      "import { main } from './gateway/cli/main.ts'; process.exitCode = await main(process.argv.slice(1));";
    const run = ['serve', '--json', '--config', join(folder, 'tributary.yaml')];
    const args = ['--import', 'tsx', '--conditions=source', '--input-type=module', '-e', program, '--', ...run];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    const ended = once(child, 'exit');
    onTestFinished(async () => {
      child.kill('SIGTERM');
      await ended;
    });
    const [line] = (await once(child.stdout, 'data')) as [Buffer];
    const { graphql } = JSON.parse(line.toString()) as { graphql: string };
    const ask = async () => {
      const body = JSON.stringify({ query: '{ items { id name } }' });
      const response = await fetch(graphql, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
      return (await response.json()) as { data: unknown; errors: unknown[] };
    };

    // The later failure comes after the answer, so a program that ends does so before the second question is answered.
    for (let i = 0; i < 3; i++) expect((await ask()).data).toEqual({ items: null });
    expect(child.exitCode).toBeNull();
  },
);
