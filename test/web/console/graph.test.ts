import { spawnSync } from 'node:child_process';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { asCurl, readSchema, runDraft } from '../../../web/console/graph.ts';

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

async function listen(handler: RequestListener): Promise<string> {
  const server = createServer(handler);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(() => new Promise((resolve) => server.close(resolve)));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`;
}

/** The arguments a shell hands to curl for a command line. */
function argumentsOf(line: string): string[] {
  const shell = spawnSync('sh', ['-c', `curl() { for a; do printf '%s\\0' "$a"; done; }\n${line}`], {
    encoding: 'utf8',
  });
  expect(shell.stderr).toBe('');
  return shell.stdout.split('\0').slice(0, -1);
}

describe('asCurl', () => {
  it('survives the shell, whatever is in the query and the variables', () => {
    const text = fc.string({ unit: 'grapheme' }).filter((value) => !value.includes('\0'));
    const property = fc.property(text, text, (query, title) => {
      const draft = { query, variables: JSON.stringify({ title }), headers: '' };
      const [endpoint, , contentType, , body] = argumentsOf(asCurl('http://127.0.0.1:4000/graphql', draft));
      expect(endpoint).toBe('http://127.0.0.1:4000/graphql');
      expect(contentType).toBe('content-type: application/json');
      expect(JSON.parse(body ?? '')).toEqual({ query, variables: { title } });
    });
    fc.assert(property, { numRuns: 50 });
  });

  it('takes the headers along', () => {
    const draft = { query: '{ __typename }', variables: '', headers: `{"authorization": "Bearer it's"}` };
    expect(argumentsOf(asCurl('http://127.0.0.1/', draft))).toContain(`authorization: Bearer it's`);
  });
});

describe('runDraft', () => {
  const draft = { query: '{ a }', variables: '', headers: '' };
  const never = new AbortController().signal;

  it('shows an answer indented, with its status and size', async () => {
    const endpoint = await listen((_request, response) => response.writeHead(400).end('{"errors":[]}'));
    expect(await runDraft(endpoint, draft, never)).toMatchObject({
      status: 400,
      bytes: 13,
      text: '{\n  "errors": []\n}',
    });
  });

  it('shows an answer that is not JSON as it came', async () => {
    const endpoint = await listen((_request, response) => response.writeHead(502).end('<h1>Bad gateway</h1>'));
    expect(await runDraft(endpoint, draft, never)).toMatchObject({ status: 502, text: '<h1>Bad gateway</h1>' });
  });

  it.each([
    [{ variables: '{oops' }, /^Variables are not JSON/],
    [{ variables: '[1]' }, /^Variables are not a JSON object/],
    [{ headers: 'null' }, /^Headers are not a JSON object/],
  ])('says what is wrong with %j', async (part, reason) => {
    await expect(runDraft('http://127.0.0.1:1/', { ...draft, ...part }, never)).rejects.toThrow(reason);
  });

  it('says in words that the gateway does not answer', async () => {
    await expect(runDraft('http://127.0.0.1:1/', draft, never)).rejects.toThrow('The gateway does not answer');
  });
});

describe('readSchema', () => {
  it.each([
    ['GraphQL introspection is not allowed by Apollo Server', { state: 'hidden' }],
    ['Too many requests', { state: 'unreachable', reason: 'Too many requests' }],
  ])('takes "%s" for %j', async (message, state) => {
    const endpoint = await listen((_request, response) => response.end(JSON.stringify({ errors: [{ message }] })));
    expect(await readSchema(endpoint)).toEqual(state);
  });

  it('says that the gateway does not answer', async () => {
    expect(await readSchema('http://127.0.0.1:1/')).toEqual({
      state: 'unreachable',
      reason: 'the gateway does not answer',
    });
  });
});
