/** The addresses of the storefront: which page a path is, and which path a page has. */
export type Route =
  | { readonly page: 'list'; readonly search: URLSearchParams }
  | { readonly page: 'book'; readonly id: string }
  | { readonly page: 'order'; readonly id: string }
  | { readonly page: 'unknown' };

/** Reads the address of a page. */
export function readRoute(url: URL): Route {
  if (url.pathname === '/') return { page: 'list', search: url.searchParams };
  const [, folder, id, ...rest] = url.pathname.split('/');
  if (id === undefined || id === '' || rest.length > 0) return { page: 'unknown' };
  if (folder === 'books') return { page: 'book', id: decode(id) };
  if (folder === 'orders') return { page: 'order', id: decode(id) };
  return { page: 'unknown' };
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

export const bookPath = (id: string): string => `/books/${encodeURIComponent(id)}`;
export const orderPath = (id: string): string => `/orders/${encodeURIComponent(id)}`;
