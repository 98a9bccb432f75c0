/** The connectors of schema/subgraphs/authors.graphql against the service they are written for. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createAuthorsService } from '../../../subgraphs/authors/service.ts';
import type { Service } from '../../../subgraphs/chassis/create-service.ts';
import { findPackageFile } from '../../../subgraphs/chassis/find-contract.ts';
import { seedAuthors } from '../../../subgraphs/seed/authors.ts';
import { loadSubgraph } from '../../connectors/harness.ts';

let service: Service;
let subgraph: ReturnType<typeof loadSubgraph>;

beforeAll(async () => {
  service = await createAuthorsService({ storage: { kind: 'ephemeral' }, isSeeded: true, isCheckingAnswers: true });
  const overrideUrl = await service.listen({ port: 0 });
  const sdl = readFileSync(findPackageFile('schema/subgraphs/authors.graphql'), 'utf8');
  subgraph = loadSubgraph(sdl, '', { sources: { api: { overrideUrl } } });
});

afterAll(() => service.close());

const entities = 'query ($r: [_Any!]!) { _entities(representations: $r) { ... on Author { id name } } }';
const references = (ids: readonly string[]) => ({ r: ids.map((id) => ({ __typename: 'Author', id })) });

describe('the subgraph of the authors', () => {
  test('author(id) joins the names there are, and is null for nobody', async () => {
    const { data, errors } = await subgraph.query(`{
      flaubert: author(id: "gustave-flaubert") { id name firstName lastName birthYear deathYear }
      homer: author(id: "homer") { name firstName birthYear }
      nobody: author(id: "nobody") { name }
    }`);
    expect(errors).toBeUndefined();
    expect(data).toEqual({
      flaubert: {
        id: 'gustave-flaubert',
        name: 'Gustave Flaubert',
        firstName: 'Gustave',
        lastName: 'Flaubert',
        birthYear: 1821,
        deathYear: 1880,
      },
      homer: { name: 'Homer', firstName: null, birthYear: null },
      nobody: null,
    });
  });

  test('authors pages through all of them by name', async () => {
    const text = `query ($after: String) {
      authors(first: 100, after: $after) { nodes { id } pageInfo { hasNextPage endCursor } totalCount }
    }`;
    const first = (await subgraph.query(text)).data!['authors'] as Connection;
    const second = (await subgraph.query(text, { variables: { after: first.pageInfo.endCursor } })).data![
      'authors'
    ] as Connection;
    expect([first.totalCount, first.pageInfo.hasNextPage, second.pageInfo.hasNextPage]).toEqual([
      seedAuthors.length,
      true,
      false,
    ]);
    expect(new Set([...first.nodes, ...second.nodes].map(({ id }) => id)).size).toBe(seedAuthors.length);
  });

  test('authors(name) finds a part of the name without its accents', async () => {
    const { data } = await subgraph.query('{ authors(name: "bronte") { nodes { name } totalCount } }');
    expect(data).toEqual({
      authors: {
        nodes: [{ name: 'Anne Brontë' }, { name: 'Charlotte Brontë' }, { name: 'Emily Brontë' }],
        totalCount: 3,
      },
    });
  });

  test('_entities resolves 100 references and more, in the order asked, without a name for who is unknown', async () => {
    const ids = seedAuthors.map(({ id }) => id).toSpliced(50, 0, 'nobody');
    expect(ids.length).toBeGreaterThan(100);
    const { data } = await subgraph.query(entities, { variables: references(ids) });
    const found = data!['_entities'] as readonly { id: string; name: string | null }[];
    expect(found.map(({ id }) => id)).toEqual(ids);
    expect(found.filter(({ name }) => name === null)).toEqual([{ id: 'nobody', name: null }]);
  });

  test('a request that the service refuses is an error of the caller', async () => {
    const { errors } = await subgraph.query('{ authors(first: 101) { totalCount } }');
    expect(errors?.[0]?.extensions?.['code']).toBe('BAD_USER_INPUT');
  });
});

interface Connection {
  readonly nodes: readonly { readonly id: string }[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string };
  readonly totalCount: number;
}
