/** `tributary init`: what it writes, what it does not write over, and how it ends. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { runCommand as run } from './run-command.ts';

const folder = mkdtempSync(join(tmpdir(), 'tributary-init-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const schema = join(folder, 'schema.graphql');
writeFileSync(
  schema,
  'type Query { book(id: ID!): Book } type Book { id: ID! title: String } type Subscription { sold: Book }',
);

describe('tributary init rest', () => {
  it('writes a document for every resource', async () => {
    const out = join(folder, 'bookshop');
    const { exitCode, out: text } = await run('init', 'rest', '--schema', 'schema/api.graphql', '--out', out);
    expect(exitCode).toBe(0);
    expect(text).toContain(`facade.operations: ${out}`);
    expect(readdirSync(out)).toEqual(
      expect.arrayContaining(['authors.graphql', 'books.graphql', 'orders.graphql', 'reviews.graphql']),
    );
  });

  it('takes a schema from a file, and needs no settings then', async () => {
    const out = join(folder, 'plain');
    const { exitCode, err } = await run('init', 'rest', '--schema', schema, '--out', out, '--config', 'none.yaml');
    expect(exitCode).toBe(0);
    expect(err).toBe('note "sold" has no route: it is a subscription\n');
    expect(readFileSync(join(out, 'books.graphql'), 'utf8')).toContain('route: "/books/{id}"');
  });

  it('writes over nothing without --force', async () => {
    const out = join(folder, 'kept');
    const args = ['init', 'rest', '--schema', schema, '--out', out];
    await run(...args);
    writeFileSync(join(out, 'books.graphql'), '# mine');
    const { exitCode, err } = await run(...args);
    expect(exitCode).toBe(2);
    expect(err).toContain('books.graphql');
    expect(readFileSync(join(out, 'books.graphql'), 'utf8')).toBe('# mine');
    expect((await run(...args, '--force')).exitCode).toBe(0);
    expect(readFileSync(join(out, 'books.graphql'), 'utf8')).toContain('query GetBook');
  });

  it('adds nothing to the documents that the settings name, unless it is told to', async () => {
    const { exitCode, err } = await run('init', 'rest', '--schema', schema);
    expect([exitCode, err]).toEqual([
      2,
      'error[USAGE] "schema/rest" has documents already: name a folder with --out, or add to it with --force\n',
    ]);
  });

  it('imports documents of another product, and says what does not fit the graph', async () => {
    const source = join(folder, 'posts.graphql');
    writeFileSync(
      source,
      'query ($id: ID!) @rest(method: GET, path: "/b/$id", wait: 3) { book(id: $id) { title pages } }',
    );
    const out = join(folder, 'imported');
    const args = ['init', 'rest', '--from', 'tailcall', source, '--out', out];
    const { exitCode, err } = await run(...args, '--schema', schema);
    expect(exitCode).toBe(1);
    expect(err).toContain('warning[IMPORT_INCOMPLETE] "wait" of @rest is not known here and was taken out');
    expect(err).toMatch(/posts\.graphql:1:53[\s\S]*error\[ROUTE_INVALID\] Cannot query field "pages"/);
    expect(readFileSync(join(out, 'posts.graphql'), 'utf8')).toContain('query GetBById ($id: ID!)');
    const untried = await run(...args, '--force', '--config', 'none.yaml');
    expect(untried.exitCode).toBe(0);
    expect(untried.err).toContain('note The documents were not tried');
  });

  it('refuses products it does not know, and files without a product', async () => {
    expect((await run('init', 'rest', '--from', 'hasra', schema)).err).toContain('Did you mean "hasura"?');
    expect((await run('init', 'rest', schema)).err).toContain('say of which product with --from');
    expect((await run('init', 'rest', '--from', 'hasura')).err).toContain('needs the files to import');
  });

  it('refuses anything but rest, and a schema that is not there', async () => {
    expect((await run('init', 'soap')).err).toContain('Cannot make "soap", expected "rest"');
    expect((await run('init', 'rest', '--schema', 'none.graphql')).exitCode).toBe(2);
  });
});
