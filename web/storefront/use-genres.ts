/** The genres to choose from. The graph has no list of them, so they are gathered from the catalog, once. */
import { useEffect, useState } from 'react';
import type { ApolloClient } from '@apollo/client';
import { useApolloClient } from '@apollo/client/react';
import { graphql, type ResultOf } from './graphql.ts';

const genresQuery = graphql(`
  query Genres($after: String) {
    books(first: 100, after: $after) {
      nodes {
        id
        genre
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);

const maxPages = 10;

/** The genres of the catalog, sorted; empty until they are known, or when they cannot be asked for. */
export function useGenres(isWanted: boolean): readonly string[] {
  const client = useApolloClient();
  const [genres, setGenres] = useState<readonly string[]>([]);
  const isLoading = isWanted && genres.length === 0;
  useEffect(() => {
    if (!isLoading) return;
    let isCurrent = true;
    gatherGenres(client).then(
      (found) => isCurrent && setGenres(found),
      () => undefined,
    );
    return () => {
      isCurrent = false;
    };
  }, [client, isLoading]);
  return genres;
}

async function gatherGenres(client: ApolloClient): Promise<readonly string[]> {
  const genres = new Set<string>();
  let after: string | null = null;
  for (let page = 0; page < maxPages; page += 1) {
    // Not cached: these are thin books, and the list page keeps its own.
    const answer: { readonly data?: ResultOf<typeof genresQuery> | undefined } = await client.query({
      query: genresQuery,
      variables: { after },
      fetchPolicy: 'no-cache',
    });
    const books = answer.data?.books;
    for (const { genre } of books?.nodes ?? []) if (genre !== null) genres.add(genre);
    if (books?.pageInfo.hasNextPage !== true) break;
    after = books.pageInfo.endCursor;
  }
  return [...genres].toSorted((one, other) => one.localeCompare(other));
}
