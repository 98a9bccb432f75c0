/** `tributary check --contract`: what a contract designed by hand promises, held against a document. No graph is built. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { runCommand, type CommandResult } from './run-command.ts';

const folder = mkdtempSync(join(tmpdir(), 'tributary-contract-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function write(name: string, text: string): string {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
}

const run = (...args: string[]): Promise<CommandResult> => runCommand('check', ...args);

const released = 'schema/rest/openapi.json';

const designed = (paths: object): string =>
  write('designed.yaml', stringify({ openapi: '3.1.0', info: { title: 'Shop', version: '2.0.0' }, paths }));

const hold = (paths: object) => run('--contract', designed(paths), '--with', released);

const json = (schema: object) => ({ content: { 'application/json': { schema } } });
const book = { type: 'object', required: ['id'], properties: { id: { type: 'string' } } };

const order = {
  type: 'object',
  required: ['customer', 'lines'],
  properties: { customer: { type: 'string' }, lines: { type: 'array' } },
};

describe('a contract is kept', () => {
  it('by what has more routes, members, parameters and problems', async () => {
    const { exitCode, out } = await hold({
      '/books': {
        parameters: [{ name: 'title', in: 'query', schema: { type: 'string' } }],
        get: {
          responses: { '200': { description: 'Books', ...json({ type: 'object' }) }, '4XX': { description: '' } },
        },
      },
      '/books/{key}': { get: { responses: { '200': { description: 'Book', ...json(book) } } } },
    });
    expect([exitCode, out]).toEqual([0, 'The contract is kept\n']);
  });

  it('by what sets limits where the contract sets none, and answers where it allows anything', async () => {
    const { exitCode } = await hold({
      '/orders': {
        post: {
          requestBody: { required: true, ...json(order) },
          parameters: [{ name: 'Idempotency-Key', in: 'header', required: true, schema: { type: 'string' } }],
          responses: { '201': { description: 'Placed', ...json({}) } },
        },
      },
    });
    expect(exitCode).toBe(0);
  });
});

describe('a contract is broken', () => {
  it.each([
    ['by a route that is missing', { '/shelves': { get: { responses: {} } } }, 'GET /shelves: the route is missing'],
    [
      'by a parameter that is refused',
      { '/books': { get: { parameters: [{ name: 'isbn13', in: 'query' }], responses: {} } } },
      'GET /books query isbn13: the parameter is missing',
    ],
    [
      'by a header that is demanded',
      { '/books/{id}': { delete: { responses: { '204': { description: '' } } } } },
      'DELETE /books/{} header If-Match: a required parameter was added',
    ],
    [
      'by null where there never is',
      {
        '/books/{id}': {
          get: {
            responses: {
              '200': { description: '', ...json({ type: 'object', properties: { title: { type: 'string' } } }) },
            },
          },
        },
      },
      'GET /books/{} 200 title: may be null now',
    ],
    [
      'by a success of another status',
      { '/books': { post: { requestBody: json(book), responses: { '200': { description: '' } } } } },
      'POST /books 200: the status is missing',
    ],
  ])('%s', async (_, paths, message) => {
    const { exitCode, out } = await hold(paths);
    expect(exitCode).toBe(1);
    expect(out).toContain(`broken   ${message}`);
    expect(out).toMatch(/The contract is broken at \d+ places/);
  });
});

describe('descriptions', () => {
  it('are read from YAML as from JSON', async () => {
    const file = write('released.yaml', stringify(JSON.parse(readFileSync(released, 'utf8'))));
    const { exitCode, out } = await run('--against', file, '--with', released);
    expect([exitCode, out]).toEqual([0, '0 changes, a patch step, from 2.0.0 to 2.0.0\n']);
  });

  it('are read from an address, and a network that fails ends with 5', async () => {
    const server = createServer(({ url }, response) => {
      response.statusCode = url === '/openapi.json' ? 200 : 404;
      response.end(readFileSync(released));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    expect((await run('--against', `${base}/openapi.json`, '--with', released)).exitCode).toBe(0);
    const missing = await run('--against', `${base}/none.json`, '--with', released);
    expect([missing.exitCode, missing.err]).toEqual([5, `error[NETWORK] "${base}/none.json" answered 404\n`]);
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    expect((await run('--against', `${base}/openapi.json`, '--with', released)).exitCode).toBe(5);
  });

  it.each([
    [['--contract', 'schema/api.graphql', '--with', released], 'A contract is an OpenAPI document'],
    [['--contract', released, '--against', released], 'ask one at a time'],
  ])('%j is wrong usage', async (args, message) => {
    const { exitCode, err } = await run(...args);
    expect([exitCode, err.includes(message)]).toEqual([2, true]);
  });
});
