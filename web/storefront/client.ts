/**
 * The Apollo Client of the storefront. Errors never hide data (`errorPolicy: 'all'`): a service that is down empties its
 * own fields, and the page says so part by part (experience.md 5). Cached screens show at once and are asked for again.
 */
import { ApolloClient, HttpLink, InMemoryCache } from '@apollo/client';
import { growingList } from './growing-list.ts';

declare module '@apollo/client' {
  namespace ApolloClient {
    namespace DeclareDefaultOptions {
      interface WatchQuery {
        errorPolicy: 'all';
      }
      interface Query {
        errorPolicy: 'all';
      }
      interface Mutate {
        errorPolicy: 'all';
      }
    }
  }
}

/** Builds the client for one endpoint; a path is relative to the page's own origin. */
export function createClient(uri: string): ApolloClient {
  return new ApolloClient({
    link: new HttpLink({ uri }),
    cache: new InMemoryCache({
      typePolicies: {
        Query: { fields: { books: growingList(['filter', 'sort']) } },
        Book: { fields: { reviews: growingList([]), rating: { merge: false } } },
      },
    }),
    devtools: { enabled: false },
    defaultOptions: {
      watchQuery: { errorPolicy: 'all', fetchPolicy: 'cache-and-network' },
      query: { errorPolicy: 'all' },
      mutate: { errorPolicy: 'all' },
    },
  });
}
