import { gql, InMemoryCache } from '@apollo/client';
import { describe, expect, it } from 'vitest';
import { growingList } from '../../../web/storefront/growing-list.ts';

const query = gql`
  query Books($genre: String, $after: String) {
    books(genre: $genre, after: $after) {
      nodes {
        id
      }
      pageInfo {
        endCursor
      }
      totalCount
    }
  }
`;

interface Page {
  readonly ids: readonly string[];
  readonly after?: string;
  readonly genre?: string;
}

/** Writes the pages one after another; reads the list without a genre, or that of one. */
function listAfter(pages: readonly (Page | null)[], after = 'x', genre?: string) {
  const cache = new InMemoryCache({ typePolicies: { Query: { fields: { books: growingList(['genre']) } } } });
  for (const page of pages) {
    const books = page && {
      nodes: page.ids.map((id) => ({ __typename: 'Book', id })),
      pageInfo: { endCursor: page.ids.at(-1) ?? null },
      totalCount: 9,
    };
    const variables = page ? { genre: page.genre, after: page.after } : { after };
    cache.writeQuery({ query, variables, data: { books } });
  }
  const found = cache.readQuery<{
    readonly books: {
      readonly nodes: readonly { readonly id: string }[];
      readonly pageInfo: { endCursor: string };
    } | null;
  }>({ query, variables: { genre } });
  return found?.books && { ids: found.books.nodes.map(({ id }) => id).join(''), end: found.books.pageInfo.endCursor };
}

describe('growingList', () => {
  it('appends a further page', () => {
    expect(listAfter([{ ids: ['a', 'b'] }, { ids: ['c'], after: 'b' }])).toEqual({ ids: 'abc', end: 'c' });
  });

  it('does not show a book twice when the pages overlap', () => {
    expect(listAfter([{ ids: ['a', 'b'] }, { ids: ['b', 'c'], after: 'b' }])).toEqual({ ids: 'abc', end: 'c' });
  });

  it('keeps the tail when the first page comes again unchanged', () => {
    const pages = [{ ids: ['a', 'b'] }, { ids: ['c'], after: 'b' }, { ids: ['a', 'b'] }];
    expect(listAfter(pages)).toEqual({ ids: 'abc', end: 'c' });
  });

  it('starts anew when the first page comes again changed', () => {
    const pages = [{ ids: ['a', 'b'] }, { ids: ['c'], after: 'b' }, { ids: ['n', 'a'] }];
    expect(listAfter(pages)).toEqual({ ids: 'na', end: 'a' });
  });

  it('keeps what is shown when a further page cannot be had', () => {
    expect(listAfter([{ ids: ['a', 'b'] }, null])).toEqual({ ids: 'ab', end: 'b' });
  });

  it('keeps lists of other arguments apart', () => {
    const pages = [{ ids: ['a'] }, { ids: ['e'], genre: 'epic' }];
    expect(listAfter(pages)).toEqual({ ids: 'a', end: 'a' });
    expect(listAfter(pages, 'x', 'epic')).toEqual({ ids: 'e', end: 'e' });
  });
});
