// Which programs load the SDK.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { root } from '../../repository/root.ts';

const program = `
import { createServer } from './gateway/server/create-server.ts';
import { loadSettings } from './gateway/config/index.ts';
const { settings } = loadSettings({ file: process.argv[1], env: JSON.parse(process.argv[2]) });
const server = await createServer({ settings });
await server.listen();
await server.close();
`;

/** Packages that make and send spans, of those a gateway loads between start and stop; @apollo/gateway has others of theirs. */
async function listLoaded(env: Record<string, string>): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'tributary-loaded-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'tributary.yaml');
  writeFileSync(join(folder, 'a.graphql'), 'type Query { a: String }');
  writeFileSync(
    file,
    'server: { port: 0, admin: { enabled: false } }\nlog: { level: silent }\nservices: { a: { schema: ./a.graphql, url: "http://127.0.0.1:1/" } }\n',
  );
  const hook = join(root, 'test', 'repository', 'list-loaded-modules.js');
  const flags = ['--import', 'tsx', '--import', hook, '--conditions=source', '--input-type=module'];
  const listing = join(folder, 'loaded');
  const errors = openSync(listing, 'w');
  const child = spawn(process.execPath, [...flags, '-e', program, file, JSON.stringify(env)], {
    cwd: root,
    // To a file: a pipe that is full would refuse what the hook writes.
    stdio: ['ignore', 'ignore', errors],
  });
  const [code] = (await once(child, 'exit')) as [number | null];
  closeSync(errors);
  const text = readFileSync(listing, 'utf8');
  expect(`${code} ${code === 0 ? '' : text}`).toBe('0 ');
  expect(text).toContain('/node_modules/fastify/');
  return [
    ...new Set(
      [...text.matchAll(/\/node_modules\/(@opentelemetry\/(?:sdk-trace|exporter-trace)[\w-]*)\//g)].map(
        ([, name]) => name!,
      ),
    ),
  ];
}

test('without an address the SDK is not loaded, with one it is', { timeout: 120_000 }, async () => {
  expect(await listLoaded({})).toEqual([]);
  expect(await listLoaded({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1' })).toContain(
    '@opentelemetry/exporter-trace-otlp-http',
  );
});
