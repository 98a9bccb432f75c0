/** Every command: what it prints, where, and its exit code. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSchema } from 'graphql';
import { afterAll, describe, expect, it } from 'vitest';
import { runCommand as run } from './run-command.ts';

const folder = mkdtempSync(join(tmpdir(), 'tributary-cli-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function write(name: string, text: string): string {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
}

const link = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.13", import: ["@key", "@shareable"])\n';
const books = `${link}type Query { book(id: ID!): Book } type Book @key(fields: "id") { id: ID! title: String }`;
const prices = `${link}type Query { cheapest: Book } type Book @key(fields: "id") { id: ID! price: Float }`;

describe('usage', () => {
  it('an unknown command is refused with the nearest name and exit code 2', async () => {
    const { exitCode, err } = await run('compse');
    expect(exitCode).toBe(2);
    expect(err).toContain(`Unknown command "compse". Did you mean "compose" or "compare"?`);
  });

  it('no command is refused with exit code 2', async () => {
    expect((await run()).exitCode).toBe(2);
  });

  it('an unknown flag is refused with exit code 2', async () => {
    const { exitCode, err } = await run('routes', '--colour');
    expect(exitCode).toBe(2);
    expect(err).toContain('colour');
  });

  it('a settings file that is not there ends with exit code 3 and says how to name another', async () => {
    const { exitCode, err } = await run('routes', '--config', join(folder, 'none.yaml'));
    expect(exitCode).toBe(3);
    expect(err).toMatch(/CONFIG_NOT_FOUND/);
    expect(err).toContain('--config');
  });
});

describe('tributary compose', () => {
  it('prints the supergraph of the settings file', async () => {
    const { exitCode, out } = await run('compose');
    expect(exitCode).toBe(0);
    expect(out).toContain('enum join__Graph');
    expect(() => buildSchema(out)).not.toThrow();
    expect(out).not.toContain('connect/v0');
  });

  it('composes the schemas that --subgraph names', async () => {
    const args = [
      '--subgraph',
      `books=${write('books.graphql', books)}`,
      '--subgraph',
      `prices=${write('prices.graphql', prices)}`,
    ];
    const { exitCode, out } = await run('compose', ...args, '--json');
    expect(exitCode).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ command: 'compose', ok: true, data: { subgraphs: ['books', 'prices'] } });
  });

  it('reports every error at once with exit code 4, each with its place', async () => {
    const disagree = write('disagree.graphql', books.replace('title: String', 'title: Int @shareable'));
    const shared = write(
      'shared.graphql',
      books.replace('title: String', 'title: String @shareable').replace('book(id: ID!)', 'other'),
    );
    const broken = write('broken.graphql', 'type Query {');
    const syntax = await run(
      'compose',
      '--subgraph',
      `a=${broken}`,
      '--subgraph',
      `b=${write('broken2.graphql', 'type {')}`,
    );
    expect(syntax.exitCode).toBe(4);
    expect(syntax.err).toMatch(/broken\.graphql:1:13/);
    expect(syntax.err).toMatch(/broken2\.graphql:1:6/);
    const conflict = await run('compose', '--subgraph', `a=${disagree}`, '--subgraph', `b=${shared}`);
    expect(conflict.exitCode).toBe(4);
    expect(conflict.err).toContain('FIELD_TYPE_MISMATCH');
    expect(conflict.err).toMatch(/disagree\.graphql:\d+:\d+/);
    expect(conflict.err).toMatch(/shared\.graphql:\d+:\d+/);
  });

  it('says what of a schema would not run on Apollo Router, and goes on', async () => {
    const circular = `extend schema
      @link(url: "https://specs.apollo.dev/connect/v0.4", import: ["@connect"])
      type Query { book: Book @connect(http: { GET: "http://shop.example/" }, selection: "id next { id }") }
      type Book { id: ID! next: Book }`;
    const schema = write('circular.graphql', circular);
    const { exitCode, err } = await run('compose', '--subgraph', `shop=${schema}`);
    expect(exitCode).toBe(0);
    expect(err).toMatch(/warning\[NOT_PORTABLE\] Book\.next leads back to Book[\s\S]*circular\.graphql:3:94/);
    const refusing = (level: string) =>
      write(
        'portability.yaml',
        `services: { shop: { schema: ./circular.graphql } }\nconnectors: { portability: ${level} }`,
      );
    expect((await run('compose', '--config', refusing('error'))).exitCode).toBe(4);
    expect((await run('compose', '--config', refusing('ignore'))).err).toBe('');
  });

  it('--subgraph without a file is a usage error', async () => {
    expect((await run('compose', '--subgraph', 'books')).exitCode).toBe(2);
  });
});

describe('tributary routes', () => {
  it('lists method, path, operation and place', async () => {
    const { exitCode, out } = await run('routes');
    expect(exitCode).toBe(0);
    expect(out).toMatch(/GET\s+\/rest\/books\/\{id\}\s+GetBook\s+schema\/rest\/v2\/books\.graphql:\d+/);
    expect(out).toMatch(/POST\s+\/rest\/orders\s+PlaceOrder/);
    expect(out).toMatch(/GET\s+\/rest\/v1\/books\/\{id\}\s+GetBookV1/);
  });
});

describe('tributary openapi', () => {
  it('prints the description of a version as YAML, and collections made from it', async () => {
    const { exitCode, out } = await run('openapi', '--format', 'yaml', '--api', 'v1');
    expect(exitCode).toBe(0);
    expect(out).toMatch(/^openapi: 3\.1\.1\n/);
    expect(out).toContain('url: /rest/v1');
    const file = join(folder, 'bookshop.http');
    const written = await run('openapi', '--format', 'http', '--out', file);
    expect([written.exitCode, written.out]).toEqual([0, '']);
    expect(readFileSync(file, 'utf8')).toContain('@baseUrl = http://127.0.0.1:4000/rest\n');
  });

  it.each([
    [['--format', 'yml'], '--format is "yml", expected json, yaml, postman, http, arazzo. Did you mean "yaml"?'],
    [['--api', 'v9'], 'There is no version "v9" of the REST side'],
  ])('%j is wrong usage', async (args, message) => {
    const { exitCode, err } = await run('openapi', ...args);
    expect([exitCode, err]).toEqual([2, `error[USAGE] ${message}\n`]);
  });
});

describe('tributary plan', () => {
  it('shows the fetches in order with the calls their connectors make', async () => {
    const { exitCode, out } = await run('plan', '{ books(first: 5) { nodes { title stock authors { name } } } }');
    expect(exitCode).toBe(0);
    expect(out).toContain('one after the other');
    expect(out).toMatch(/fetch from catalog\n\s+GET \/v2\/books/);
    expect(out).toMatch(/fetch from inventory\n\s+.*GET \/v1\/stock/);
    expect(out).toMatch(/fetch from authors\n\s+.*GET \/v1\/authors/);
  });

  it('shows calls of connectors at any depth, each once, and marks one call for many', async () => {
    const connect = (http: string, selection: string) =>
      `@connect(source: "api", http: { ${http} }, selection: "${selection}")`;
    write(
      'deep.graphql',
      `extend schema
        @link(url: "https://specs.apollo.dev/federation/v2.13", import: ["@key"])
        @link(url: "https://specs.apollo.dev/connect/v0.3", import: ["@source", "@connect"])
        @source(name: "api", http: { baseURL: "http://shop.example" })
      type Query { shelves: [Shelf] ${connect('GET: "/shelves"', 'id')} }
      type Shelf { id: ID!  books: [Book] ${connect('GET: "/shelves/{$this.id}/books"', 'id maker { id }')} }
      type Book { id: ID!  maker: Maker }
      type Maker @key(fields: "id") ${connect('POST: "/makers", body: "ids: $batch.id"', 'id name')} { id: ID!  name: String }`,
    );
    const config = write('deep.yaml', 'services: { shop: { schema: ./deep.graphql } }\n');
    const query = '{ shelves { a: books { maker { name } } b: books { id } } }';
    const { exitCode, out, err } = await run('plan', query, '--config', config);
    expect(exitCode, err).toBe(0);
    expect(out.match(/(\[BATCH\] )?(GET|POST) \S+/g)).toEqual([
      'GET /shelves',
      'GET /shelves/{$this.id}/books',
      '[BATCH] POST /makers',
    ]);
  });

  it('a query that does not fit the schema ends with exit code 1 and says why', async () => {
    const { exitCode, err } = await run('plan', '{ boks { nodes { id } } }');
    expect(exitCode).toBe(1);
    expect(err).toContain('Did you mean');
  });
});

describe('tributary check', () => {
  const released = readFileSync('schema/rest/openapi.json', 'utf8');

  it('says what is sound, and which deprecated fields live routes select', async () => {
    const { exitCode, out } = await run('check');
    expect(exitCode).toBe(0);
    expect(out).toContain('warning  GetBookV1 selects Book.authorId. A book may have several authors: use authors');
    expect(out).toMatch(/5 subgraphs and \d+ routes are sound/);
  });

  it('finds no change against what is released', async () => {
    const { exitCode, out } = await run('check', '--against', 'schema/rest/openapi.json');
    expect([exitCode, out]).toEqual([0, '0 changes, a patch step, from 2.0.0 to 2.0.0\n']);
  });

  it('ends with 1 when a published major breaks, and with 0 when the major was raised', async () => {
    const removed = released.replace('"/books/{id}/stock"', '"/books/{id}/copies"');
    const broken = await run('check', '--against', 'schema/rest/openapi.json', '--with', write('new.json', removed));
    expect(broken.exitCode).toBe(1);
    expect(broken.out).toContain(
      'breaking   GET /books/{}/stock: the route is missing. A client that calls it gets 404 or 405',
    );
    expect(broken.out).toContain(
      '2 changes, a major step, from 2.0.0 to 2.0.0: this breaks clients of a published major',
    );
    const raised = write('next.json', removed.replace('"version": "2.0.0"', '"version": "3.0.0"'));
    const { exitCode, out } = await run('check', '--against', 'schema/rest/openapi.json', '--with', raised, '--json');
    expect(exitCode).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ data: { step: 'major', isAllowed: true, from: '2.0.0', to: '3.0.0' } });
  });

  it('compares supergraphs as clients see them', async () => {
    expect((await run('check', '--against', 'schema/supergraph.graphql')).exitCode).toBe(0);
    const before = write('before.graphql', 'type Query { book: String, gone: Int }');
    const after = write('after.graphql', 'type Query { book: String, added: Int }');
    const { exitCode, out } = await run('check', '--against', before, '--with', after);
    expect(exitCode).toBe(1);
    expect(out).toContain(
      'breaking   Query.gone: Query.gone was removed. An operation that selects it is not valid any more',
    );
    expect(out).toContain('safe       Query.added: Query.added was added');
  });

  it.each([
    [['--against', 'none.json'], 'There is no file "none.json"'],
    [['--with', 'schema/rest/openapi.json'], 'so it needs --against'],
    [['--against', 'package.json'], '"package.json" is JSON, but no OpenAPI document'],
    [['--against', 'README.md'], '"README.md" is neither'],
    [
      ['--against', 'schema/rest/openapi.json', '--with', 'schema/supergraph.graphql'],
      'An OpenAPI document cannot be compared with a GraphQL schema',
    ],
  ])('%j is wrong usage', async (args, message) => {
    const { exitCode, err } = await run('check', ...args);
    expect(exitCode).toBe(2);
    expect(err).toContain(message);
  });
});
