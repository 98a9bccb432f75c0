/** `tributary connector`: list, run with and without a recorded answer, suites; what is printed, where, and exit codes. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it, onTestFinished } from 'vitest';
import { runCommand, type CommandResult } from './run-command.ts';
import { RestServer, type Answer, type SeenRequest } from '../connectors/harness.ts';

const folder = mkdtempSync(join(tmpdir(), 'tributary-connector-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const write = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};

const run = (...args: string[]): Promise<CommandResult> => runCommand('connector', ...args);

const schema = `extend schema
  @link(url: "https://specs.apollo.dev/federation/v2.13", import: ["@key"])
  @link(url: "https://specs.apollo.dev/connect/v0.4", import: ["@source", "@connect"])
  @source(name: "api", http: {
    baseURL: "http://shop.example/v1"
    headers: [{ name: "Authorization", value: "Bearer {$config.token}" }, { name: "x-tenant", from: "x-tenant" }]
  })
type Query {
  book(id: ID!): Book @connect(source: "api", http: { GET: "/books/{$args.id}" }, selection: "id title: name")
}
type Book @key(fields: "id") @connect(source: "api", http: { POST: "/find", body: "ids: $batch.id" },
  selection: "$.items { id title: name }") { id: ID! title: String }
`;
write('shop.graphql', schema);

function settings(url = 'http://shop.example/v1'): string {
  return write(
    'tributary.yaml',
    `services: { shop: { schema: ./shop.graphql } }
connectors: { sources: { shop.api: { override_url: "${url}", $config: { token: secret } } } }
`,
  );
}

const serve = async (answer: (request: SeenRequest, url: URL) => Answer): Promise<RestServer> => {
  const server = await RestServer.start(answer);
  onTestFinished(() => server.stop());
  return server;
};

describe('tributary connector list', () => {
  it('shows each connector with its call and its place', async () => {
    const { exitCode, out } = await run('list', '--config', settings());
    expect(exitCode).toBe(0);
    expect(out).toMatch(/shop:Query\.book\[0\]\s+root\s+GET \/books\/\{\$args\.id\}\s+.*shop\.graphql:9/);
    expect(out).toMatch(/shop:Book\[0\]\s+batch\s+POST \/find\s+.*shop\.graphql:11/);
  });

  it('--json prints the same as one document', async () => {
    const { out } = await run('list', '--config', settings(), '--json');
    expect(JSON.parse(out)).toMatchObject({
      command: 'connector list',
      data: [
        { coordinate: 'shop:Query.book[0]', kind: 'root', source: 'api' },
        { coordinate: 'shop:Book[0]', kind: 'batch' },
      ],
    });
  });

  it('a schema that is wrong ends with exit code 4 and its place', async () => {
    write('wrong.graphql', schema.replace('title: name"', 'titel: name"'));
    const config = write('wrong.yaml', 'services: { shop: { schema: ./wrong.graphql } }');
    const { exitCode, err } = await run('list', '--config', config);
    expect(exitCode).toBe(4);
    expect(err).toMatch(/SELECTED_FIELD_NOT_FOUND[\s\S]*Did you mean "title"/);
  });
});

describe('tributary connector run', () => {
  it('sends the request that the settings describe and shows what came of it', async () => {
    const server = await serve(() => ({ body: { id: 9007199254740993n.toString(), name: 'Emma' } }));
    const config = settings(`${server.origin}/v2`);
    const args = ['--args', '{"id":"a b"}', '--header', 'X-Tenant: t1', '--config', config];
    const { exitCode, out } = await run('run', 'Query.book', ...args);
    expect(exitCode).toBe(0);
    expect(server.requests[0]).toMatchObject({
      url: '/v2/books/a%20b',
      headers: { authorization: 'Bearer secret', 'x-tenant': 't1' },
    });
    expect(out).toContain(`GET ${server.origin}/v2/books/a%20b`);
    expect(out).toContain('status 200');
    expect(out).toContain('"title": "Emma"');
    expect(out).not.toContain('secret');
  });

  it('reads the answer from a file with --response, and sends nothing', async () => {
    const server = await serve(() => ({ body: {} }));
    const response = write('answer.json', '{ "id": 9007199254740993 }');
    const config = settings(server.origin);
    const args = ['--args', '{"id":1}', '--response', response, '--config', config];
    const { exitCode, out } = await run('run', 'shop:Query.book[0]', ...args);
    expect(exitCode).toBe(0);
    expect(server.requests).toEqual([]);
    expect(out).toContain('"id": 9007199254740993');
    expect(out).toMatch(/PROPERTY_MISSING .*name.*shop\.graphql:9:\d+/);
    const { out: json } = await run('run', 'shop:Query.book[0]', ...args, '--json');
    expect(JSON.parse(json)).toMatchObject({
      ok: true,
      data: { status: 200, request: { headers: { authorization: '***' } }, problems: [{ path: 'name' }] },
    });
  });

  it('runs a batch with --batch', async () => {
    const response = write('items.json', '{ "items": [{ "id": "1", "name": "Emma" }] }');
    const args = ['--batch', '[{"id":"1"}]', '--response', response, '--config', settings()];
    const { out } = await run('run', 'Book', ...args);
    expect(out).toContain('{"ids":["1"]}');
    expect(out).toContain('"title": "Emma"');
  });

  it('an answer that is an error ends with exit code 1', async () => {
    const response = write('error.json', '{}');
    const { exitCode, out } = await run(
      ...['run', 'Query.book', '--args', '{"id":1}', '--response', response, '--status', '500', '--config', settings()],
    );
    expect(exitCode).toBe(1);
    expect(out).toContain('status 500');
    expect(out).toContain('error: Request failed');
  });

  it('a service that is not there ends with exit code 5', async () => {
    const server = await RestServer.start(() => ({}));
    const { origin } = server;
    await server.stop();
    const { exitCode, out } = await run('run', 'Query.book', '--args', '{"id":1}', '--config', settings(origin));
    expect(exitCode).toBe(5);
    expect(out).toContain('UPSTREAM_UNREACHABLE');
  });

  it.each([
    { args: ['run'], message: 'No connector given' },
    { args: ['run', 'Query.bok'], message: 'Did you mean "Query.book"' },
    { args: ['run', 'Query.book', '--args', '{id}'], message: '--args is no JSON' },
    { args: ['run', 'Query.book', '--this', '[1]'], message: '--this is no JSON object' },
    { args: ['run', 'Query.book', '--batch', '{}'], message: '--batch is no JSON list' },
    { args: ['run', 'Query.book', '--header', 'x'], message: 'expected "name: value"' },
    { args: ['run', 'Query.book', '--response', 'none.json'], message: 'There is no file "none.json"' },
    { args: ['run', 'Query.book', '--response', 'package.json', '--status', '42'], message: '--status is "42"' },
    { args: ['rum'], message: 'Did you mean "run"?' },
  ])('$args is refused: $message', async ({ args, message }) => {
    const { exitCode, err } = await run(...args, '--config', settings());
    expect(exitCode).toBe(2);
    expect(err).toContain(message);
  });
});

describe('tributary connector test', () => {
  it('runs the suites of the bookshop, those beside its schemas', async () => {
    const { exitCode, out } = await run('test');
    expect(exitCode, out).toBe(0);
    for (const name of ['catalog', 'authors', 'reviews', 'inventory']) expect(out).toContain(`${name}.connectors.yaml`);
    expect(out).toMatch(/\d+ passed/);
  });

  const suite = `config: { schema: shop.graphql }
tests:
  - name: finds <one> & all
    target: Query.book[0]
    variables: { $args: { id: 1 }, $config: { token: t }, $requestHeaders: { X-Tenant: a } }
    apiResponseBody: '{ "id": 1, "name": "Emma", "more": null }'
    expect:
      connectorRequest:
        method: get
        origin: http://shop.example
        path: /v1/books/1
        queryParams: {}
        headers: { Authorization: Bearer t, x-tenant: a }
      connectorResponse: { id: 1, title: Emma }
      problems: []
`;

  it('passes what is as expected, and says of the rest what differs and where', async () => {
    const good = write('good.connectors.yaml', suite);
    expect((await run('test', good)).exitCode).toBe(0);
    const bad = write(
      'bad.connectors.yaml',
      suite
        .replace('title: Emma', 'title: Persuasion')
        .replace('queryParams: {}', 'queryParams: { q: x }')
        .replace('x-tenant: a }\n      connector', 'x-tenant: b }\n      connector')
        .replace('problems: []', 'problems: [{ code: PROPERTY_MISSING }]'),
    );
    const junit = join(folder, 'junit.xml');
    const { exitCode, out } = await run('test', good, bad, '--junit', junit);
    expect(exitCode).toBe(1);
    expect(out).toContain('connectorResponse.title is "Emma", expected "Persuasion"');
    expect(out).toContain('connectorRequest.queryParams.q is missing, expected "x"');
    expect(out).toContain('connectorRequest.headers.x-tenant is "a", expected "b"');
    expect(out).toContain('problems is [], expected [{"code":"PROPERTY_MISSING"}]');
    expect(out).toContain('1 of 2 failed');
    const xml = readFileSync(junit, 'utf8');
    expect(xml).toMatch(/<testsuites tests="2" failures="1"/);
    expect(xml).toContain('Query.book[0] finds &lt;one&gt; &amp; all');
    expect(xml).toMatch(/<failure message="connectorRequest/);
  });

  it('an error nobody expected, and one that did not come, are failures', async () => {
    const file = write(
      'errors.connectors.yaml',
      `config: { schema: shop.graphql }
tests:
  - { name: fails, target: Query.book, variables: { $args: { id: 1 } }, apiStatus: 500, expect: {} }
  - { name: works, target: Query.book, variables: { $args: { id: 1 } }, apiResponseBody: '{}', expect: { error: {} } }
  - { name: nobody, target: Query.bok, expect: {} }
  - { name: no file, target: Query.book, apiResponseBodyFile: none.json, expect: {} }
`,
    );
    const { out } = await run('test', file, '--json');
    const [fails, works, nobody, noFile] = (
      JSON.parse(out) as { data: { suites: { tests: { failures: string[] }[] }[] } }
    ).data.suites[0]!.tests.map(({ failures }) => failures.join('\n'));
    expect(fails).toMatch(/^error is \{.*CONNECTOR_FETCH.*expected missing$/);
    expect(works).toBe('error is missing, expected {}');
    expect(nobody).toContain('Did you mean "Query.book"?');
    expect(noFile).toMatch(/There is no file .*none\.json/);
  });

  it('a suite that is wrong ends with exit code 3 and its place', async () => {
    const wrong = write('wrong.connectors.yaml', suite.replace('apiResponseBody:', 'apiResponseBdy:'));
    const { exitCode, err } = await run('test', wrong);
    expect(exitCode).toBe(3);
    expect(err).toMatch(/apiResponseBdy[\s\S]*wrong\.connectors\.yaml:6:5[\s\S]*Did you mean "apiResponseBody"/);
    expect((await run('test', join(folder, 'none.connectors.yaml'))).exitCode).toBe(3);
    const lost = write('lost.connectors.yaml', suite.replace('shop.graphql', 'none.graphql'));
    expect((await run('test', lost)).exitCode).toBe(4);
    expect((await run('test', write('broken.connectors.yaml', 'tests: ['))).exitCode).toBe(3);
  });

  it('no suite at all is a usage error', async () => {
    const other = mkdtempSync(join(tmpdir(), 'tributary-none-'));
    onTestFinished(() => rmSync(other, { recursive: true }));
    writeFileSync(join(other, 'tributary.yaml'), 'services: { shop: { schema: ./shop.graphql } }');
    expect((await run('test', '--config', join(other, 'tributary.yaml'))).exitCode).toBe(2);
  });
});
