/** `tributary init`: what it writes, what it does not write over, and how it ends. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { main } from '../../gateway/cli/main.ts';

const folder = mkdtempSync(join(tmpdir(), 'tributary-init-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function run(...args: string[]): Promise<{ exitCode: number; out: string; err: string }> {
  let [out, err] = ['', ''];
  const io = {
    out: (text: string) => void (out += `${text}\n`),
    err: (text: string) => void (err += `${text}\n`),
    env: {},
  };
  return { exitCode: await main(args, io), out, err };
}

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
    expect(text).toContain('18 routes written');
    expect(readdirSync(out)).toEqual(['authors.graphql', 'books.graphql', 'orders.graphql', 'reviews.graphql']);
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

  it('refuses anything but rest, and a schema that is not there', async () => {
    expect((await run('init', 'soap')).err).toContain('Cannot make "soap", expected "rest"');
    expect((await run('init', 'rest', '--schema', 'none.graphql')).exitCode).toBe(2);
  });
});
