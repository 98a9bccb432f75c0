/** The API's own rels under a prefix: explained where `curies` says, and everything else as it was. */
// oxlint-disable no-underscore-dangle -- `_links` and `_embedded` are HAL's own names
import { describe, expect, it } from 'vitest';
import { jsonOf, openShop } from '../bookshop.ts';

type Links = Record<string, { href: string; templated?: boolean }>;
const accept = 'application/hal+json';
const read = async (shop: ReturnType<typeof openShop>, url: string) =>
  jsonOf(await shop.send(url, { headers: { accept } })) as Record<string, unknown> & { _links: Links };

describe('curie: shop', () => {
  const shop = openShop({ settings: { curie: 'shop' } });

  it('puts its own rels under the prefix, links and embedded ones, and leaves those of IANA', async () => {
    const book = await read(shop, '/rest/books/madame-bovary');
    expect(Object.keys(book._links).filter((rel) => !rel.includes(':'))).toEqual(
      expect.arrayContaining(['self', 'collection', 'edit', 'describedby', 'profile', 'curies']),
    );
    expect(book._links['shop:reviews']).toMatchObject({ href: '/rest/books/madame-bovary/reviews' });
    expect(Object.keys(book['_embedded'] as object)).toContain('shop:authors');
    expect(book._links['curies']).toEqual([{ name: 'shop', href: '/rest/profile#{rel}', templated: true }]);
  });

  it('every rel under the prefix is explained in the profile', async () => {
    const { alps } = jsonOf(await shop.send('/rest/profile')) as { alps: { descriptor: { id: string }[] } };
    const ids = new Set(alps.descriptor.map(({ id }) => id));
    const pages = [
      '',
      '/books',
      '/books/madame-bovary',
      '/reviews/r1',
      '/orders/o1',
      '/reports/j1',
      '/authors/gustave-flaubert',
    ];
    for (const page of pages) {
      const text = String((await shop.send(`/rest${page}`, { headers: { accept } })).body);
      for (const [, rel] of text.matchAll(/"shop:([^"]+)"/g)) expect(ids, `${rel} on ${page}`).toContain(rel);
    }
    expect(alps.descriptor.length).toBe(ids.size);
  });

  it('says nothing in JSON, and nothing where it is not set', async () => {
    expect(String((await shop.send('/rest/books/madame-bovary')).body)).not.toContain('shop:');
    expect((await read(openShop(), '/rest/books/madame-bovary'))._links).not.toHaveProperty('curies');
  });
});
