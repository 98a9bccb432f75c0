// Rules of the settings for the headers of connectors' requests (connectors.md 9.4), through the whole gateway.
import { describe, expect, test } from 'vitest';
import { head } from '../connectors/harness.ts';
import { faultsOf } from '../config/load-text.ts';
import { FaultsError } from '../../gateway/errors/fault.ts';
import { startSmallGateway } from './small-gateway.ts';

const sdl = `${head('0.4', 'headers: [{ name: "X-Source", value: "schema" }, { name: "X-Both", from: "x-in" }]')}
  type Query {
    echo: Echo @connect(source: "a", http: { GET: "/echo", headers: { name: "X-Own", value: "schema" } }, selection: "text")
    alone: Echo @connect(http: { GET: "{origin}/alone" }, selection: "text")
  }
  type Mutation { write: Echo @connect(source: "a", http: { POST: "/write", body: "a: $(1)" }, selection: "text") }
  type Echo { text: String }`;

const rules = (all: string, source = '') =>
  `headers: { connector: { all: { request: [${all}] }, sources: { shop.a: { request: [${source}] } } } }`;

/** The headers of the one call that a query makes. */
async function sent(settings: string, headers: Record<string, string> = {}, query = '{ echo { text } }') {
  const { ask, rest } = await startSmallGateway({ sdl, settings, answer: () => ({ body: { text: 'x' } }) });
  expect((await ask(query, headers)).errors).toBeUndefined();
  expect(rest.requests).toHaveLength(1);
  return rest.requests[0]!.headers as Record<string, string | undefined>;
}

describe('a request', () => {
  test.each<[string, string, Record<string, string>, Record<string, string | undefined>]>([
    ['{ propagate: { named: X-Client } }', '', { 'x-client': 'c' }, { 'x-client': 'c' }],
    ['{ propagate: { named: x-client } }', '', {}, { 'x-client': undefined }],
    [
      '{ propagate: { named: x-client, rename: X-Other } }',
      '',
      { 'x-client': 'c' },
      { 'x-other': 'c', 'x-client': undefined },
    ],
    ['{ propagate: { named: x-client, default: none } }', '', {}, { 'x-client': 'none' }],
    ['{ propagate: { named: x-client, default: none } }', '', { 'x-client': 'c' }, { 'x-client': 'c' }],
    ['{ propagate: { matching: "^x-c" } }', '', { 'x-client': 'c', 'x-d': 'd' }, { 'x-client': 'c', 'x-d': undefined }],
    ['{ propagate: { matching: "(?i)^X-C" } }', '', { 'x-client': 'c' }, { 'x-client': 'c' }],
    ['{ insert: { name: X-New, value: n } }', '', {}, { 'x-new': 'n' }],
    ['{ insert: { name: X-New, value: Łódź } }', '', {}, { 'x-new': Buffer.from('Łódź').toString('latin1') }],
    ['{ insert: { name: X-New, from_context: nothing } }', '', {}, { 'x-new': undefined }],
    ['{ insert: { name: accept, value: text/csv } }', '', { accept: 'application/json' }, { accept: 'text/csv' }],
    // Over the schema
    ['{ insert: { name: X-Own, value: set } }', '', {}, { 'x-own': 'set', 'x-source': 'schema' }],
    ['', '{ insert: { name: X-Source, value: set } }', {}, { 'x-source': 'set' }],
    ['{ propagate: { named: x-own } }', '', { 'x-own': 'c' }, { 'x-own': 'c' }],
    ['{ propagate: { named: x-own } }', '', {}, { 'x-own': 'schema' }],
    ['{ remove: { named: X-Own } }', '', {}, { 'x-own': undefined, 'x-source': 'schema' }],
    [
      '{ remove: { matching: "^x-(own|source)$" } }',
      '',
      { 'x-in': 'i' },
      { 'x-own': undefined, 'x-source': undefined, 'x-both': 'i' },
    ],
    // In their order, those for all first
    ['{ insert: { name: x-n, value: a } }, { insert: { name: x-n, value: b } }', '', {}, { 'x-n': 'b' }],
    ['{ insert: { name: x-n, value: all } }', '{ insert: { name: x-n, value: source } }', {}, { 'x-n': 'source' }],
    ['{ remove: { named: x-n } }, { insert: { name: x-n, value: a } }', '', {}, { 'x-n': 'a' }],
    [
      '{ propagate: { matching: ".*" } }, { remove: { named: x-client } }',
      '',
      { 'x-client': 'c', 'x-d': 'd' },
      { 'x-client': undefined, 'x-d': 'd' },
    ],
  ])('with %s and %s', async (all, source, headers, expected) => {
    const found = await sent(rules(all, source), headers);
    expect(Object.fromEntries(Object.keys(expected).map((name) => [name, found[name]]))).toStrictEqual(expected);
  });

  test('without a source has the rules for all, not those of a source', async () => {
    const settings = rules('{ insert: { name: x-all, value: a } }', '{ insert: { name: x-source-only, value: s } }');
    const headers = await sent(settings, {}, '{ alone { text } }');
    expect(headers).toMatchObject({ 'x-all': 'a' });
    expect(headers).not.toHaveProperty('x-source-only');
  });

  test('never has by pattern what belongs to the connection, to the body, or to the answer of the gateway', async () => {
    const own = { 'if-none-match': '"a"', range: 'bytes=0-1', te: 'trailers', 'x-request-id': 'mine', 'x-client': 'c' };
    const headers = await sent(rules('{ propagate: { matching: ".*" } }'), own);
    expect(headers).toMatchObject({ 'x-client': 'c', 'x-request-id': 'mine', 'accept-encoding': 'gzip, br' });
    for (const name of ['if-none-match', 'range', 'te', 'content-type', 'content-length', 'accept']) {
      expect(headers).not.toHaveProperty(name);
    }
  });

  test('keeps the content type of its body, unless a rule sets another', async () => {
    const mutation = 'mutation { write { text } }';
    expect(await sent(rules('{ propagate: { matching: ".*" } }'), {}, mutation)).toMatchObject({
      'content-type': 'application/json',
    });
    const patch = await sent(
      rules('{ insert: { name: Content-Type, value: application/merge-patch+json } }'),
      {},
      mutation,
    );
    expect(patch).toMatchObject({ 'content-type': 'application/merge-patch+json' });
  });
});

describe.each(['apollo', 'tributary'])(
  'with engine %s, two clients that differ in nothing but a header that a rule sends on',
  (engine) => {
    const ways = [
      '{ propagate: { named: x-tenant } }',
      '{ propagate: { named: X-Tenant, rename: x-other } }',
      '{ propagate: { matching: "^x-ten" } }',
    ];

    test.each(ways)('do not share what is in flight: %s', async (rule) => {
      let arrived = 0;
      let release = () => {};
      const gate = new Promise<void>((resolve) => (release = resolve));
      const { ask, rest } = await startSmallGateway({
        sdl,
        // Nobody who waits for another's call may be saved by its being tried again
        settings: `engine: ${engine}\nupstream: { retry: { retries: 0 } }\n${rules(rule)}`,
        answer: async ({ headers }) => {
          if (++arrived === 3) release();
          await gate;
          return { body: { text: String(headers['x-tenant'] ?? headers['x-other'] ?? 'nobody') } };
        },
      });
      const tenants = [{ 'x-tenant': 'one' }, { 'x-tenant': 'two' }, {}];
      const answers = await Promise.all(tenants.map((headers) => ask('{ echo { text } }', headers)));
      expect(answers.map(({ data }) => data?.echo?.text)).toEqual(['one', 'two', 'nobody']);
      expect(rest.requests).toHaveLength(3);
    });

    test.each(ways)('do not share what is kept: %s', async (rule) => {
      const { ask } = await startSmallGateway({
        sdl,
        settings: `engine: ${engine}\nupstream: { cache: { enabled: true } }\n${rules(rule)}`,
        answer: ({ headers }) => ({
          body: { text: String(headers['x-tenant'] ?? headers['x-other'] ?? 'nobody') },
          headers: { 'cache-control': 'public, max-age=60' },
        }),
      });
      for (const [headers, text] of [
        [{ 'x-tenant': 'one' }, 'one'],
        [{ 'x-tenant': 'two' }, 'two'],
        [{}, 'nobody'],
        [{ 'x-tenant': 'one' }, 'one'],
      ] as [Record<string, string>, string][]) {
        expect((await ask('{ echo { text } }', headers)).data).toEqual({ echo: { text } });
      }
    });
  },
);

test('two clients that differ in a header no rule sends on do share', async () => {
  let release = () => {};
  const gate = new Promise<void>((resolve) => (release = resolve));
  const { ask, rest } = await startSmallGateway({
    sdl,
    settings: rules('{ propagate: { matching: "^x-ten" } }'),
    answer: async () => {
      await gate;
      return { body: { text: 'same' } };
    },
  });
  const asked = [{ 'x-a': '1' }, { 'x-a': '2' }].map((headers) => ask('{ echo { text } }', headers));
  // Answered: the gateway has read those before
  for (let turn = 0; turn < 5; turn++) await ask('{ __typename }');
  release();
  expect((await Promise.all(asked)).map(({ data }) => data)).toEqual(Array(2).fill({ echo: { text: 'same' } }));
  expect(rest.requests).toHaveLength(1);
});

test('what a rule inserts is masked in debug data', async () => {
  const { ask } = await startSmallGateway({
    sdl,
    settings: `connectors: { debug_extensions: true }\n${rules('{ insert: { name: x-own, value: s3cr3t-key } }')}`,
    answer: () => ({ body: { text: 's3cr3t-key' } }),
  });
  const { extensions } = await ask('{ echo { text } }', { 'apollo-connectors-debugging': 'true' });
  expect(extensions.apolloConnectorsDebugging.data).toHaveLength(1);
  expect(JSON.stringify(extensions)).not.toContain('s3cr3t');
});

describe('a rule that cannot be is refused at its place', () => {
  const settings = (rule: string) =>
    `services: { a: { schema: a.graphql } }\nheaders: { connector: { all: { request: [${rule}] } } }\n`;
  test.each([
    ['{}', 'expected "propagate", "insert" or "remove", one of them'],
    ['{ insert: { name: a, value: b }, remove: { named: a } }', '"propagate", "insert" or "remove", one of them'],
    ['{ propagate: {} }', '"named" or "matching", one of them'],
    ['{ propagate: { named: a, matching: b } }', '"named" or "matching", one of them'],
    ['{ propagate: { matching: a, rename: b } }', '"rename" and "default" beside "named" only'],
    ['{ propagate: { matching: "(" } }', 'a regular expression'],
    ['{ propagate: { named: content-length } }', 'a header that a client may choose'],
    ['{ propagate: { named: a, rename: Content-Type } }', 'a header that a client may choose'],
    ['{ insert: { name: connection, value: close } }', 'a header that is not left to the connection'],
    ['{ insert: { name: "a b", value: c } }', 'a header name'],
    ['{ insert: { name: a } }', '"value" or "from_context", one of them'],
    ['{ insert: { name: a, value: "b\\nc" } }', 'a text without control characters'],
    ['{ insert: { name: a, path: .b } }', 'Unknown option "path"'],
    ['{ remove: {} }', '"named" or "matching", one of them'],
    ['{ propogate: { named: a } }', 'Did you mean "propagate"?'],
  ])('%s', (rule, expected) => {
    const text = faultsOf(settings(rule));
    expect(text).toContain(expected);
    expect(text).toMatch(/tributary\.yaml:2:\d+/);
  });

  test('header rules of a service that is not there', () => {
    const text = faultsOf(
      'services: { shop: { schema: a.graphql } }\nheaders: { connector: { sources: { shp.a: {} } } }\n',
    );
    expect(text).toContain('Unknown service "shp" in headers.connector.sources');
    expect(text).toContain('Did you mean "shop"?');
  });

  test('header rules of a source that is not there, with the line they stand in', async () => {
    const failure: unknown = await startSmallGateway({
      sdl,
      settings: 'headers: { connector: { sources: { shop.b: {} } } }',
      answer: () => ({}),
    }).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(FaultsError);
    expect((failure as FaultsError).message).toContain('Unknown source "shop.b" in headers.connector.sources');
    expect((failure as FaultsError).message).toMatch(/> \d \| headers: \{ connector: \{ sources: \{ shop\.b/);
  });
});
