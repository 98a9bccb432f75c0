import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bookPath, orderPath, readRoute } from '../../../web/storefront/route.ts';

const read = (path: string) => readRoute(new URL(path, 'http://127.0.0.1'));

describe('readRoute', () => {
  it.each([
    ['/books/madame-bovary', { page: 'book', id: 'madame-bovary' }],
    ['/orders/o-1?from=mail', { page: 'order', id: 'o-1' }],
    ['/books/%E9', { page: 'book', id: '%E9' }],
    ['/books', { page: 'unknown' }],
    ['/books/', { page: 'unknown' }],
    ['/books/a/b', { page: 'unknown' }],
    ['/authors/a', { page: 'unknown' }],
  ])('%s', (path, route) => {
    expect(read(path)).toEqual(route);
  });

  it('/ is the list, with its search', () => {
    const route = read('/?title=bovary');
    expect(route.page === 'list' && route.search.get('title')).toBe('bovary');
  });

  it('finds any id again that bookPath or orderPath wrote', () => {
    // "." and ".." are path segments of their own, which no URL keeps; ids are slugs and never those.
    const ids = fc.string({ minLength: 1, unit: 'grapheme' }).filter((id) => id !== '.' && id !== '..');
    fc.assert(
      fc.property(ids, (id) => {
        expect(read(bookPath(id))).toEqual({ page: 'book', id });
        expect(read(orderPath(id))).toEqual({ page: 'order', id });
      }),
    );
  });
});
