/** Versions side by side, and the end of one (facade.md, section 6; P4, O7). The clock is a parameter. */
import { describe, expect, it } from 'vitest';
import { documents, jsonOf, oldDocuments, openShop } from './bookshop.ts';
import type { FacadeSettings } from '../../gateway/facade/index.ts';

const openBoth = (today: string, settings: FacadeSettings = {}) =>
  openShop({ documents: [...documents, ...oldDocuments], now: () => new Date(today), settings });

describe('versions', () => {
  it('the path without a version is the current one, and says so', async () => {
    const shop = openBoth('2026-01-01');
    const plain = await shop.send('/rest/books');
    const versioned = await shop.send('/rest/v2/books');
    expect(plain.headers['content-location']).toBe('/rest/v2/books');
    expect(jsonOf(plain)).toEqual(jsonOf(versioned));
  });

  it('an old version keeps its shape and announces its end', async () => {
    const response = await openBoth('2026-12-24').send('/rest/v1/books');
    expect(response.status).toBe(200);
    const [first, ...others] = JSON.parse(String(response.body)) as object[];
    expect(first).toMatchObject({ id: 'madame-bovary', authorId: 'gustave-flaubert', price: 12.9 });
    expect(others).toHaveLength(2);
    expect(response.headers).toMatchObject({ deprecation: '@1782777600', sunset: 'Wed, 30 Jun 2027 00:00:00 GMT' });
    expect(response.headers['link']).toContain('</rest/v2/books>; rel="successor-version"');
  });

  it('the successor of an item is the same item', async () => {
    const response = await openBoth('2026-12-24').send('/rest/v1/books/madame-bovary');
    expect(response.headers['link']).toContain('</rest/v2/books/madame-bovary>; rel="successor-version"');
    expect(response.headers['link']).toContain('</rest/v1/books/madame-bovary>; rel="self"');
  });

  it('P4: past its sunset a route is gone, and the others are not', async () => {
    const shop = openBoth('2027-06-30T00:00:00Z');
    const gone = await shop.send('/rest/v1/books');
    expect([gone.status, jsonOf(gone)['code'], gone.headers['sunset']]).toEqual([
      410,
      'VERSION_GONE',
      'Wed, 30 Jun 2027 00:00:00 GMT',
    ]);
    expect(gone.headers['link']).toBe('</rest/v2/books>; rel="successor-version"');
    expect((await shop.send('/rest/v1/books/madame-bovary')).headers['link']).toBe(
      '</rest/v2/books/madame-bovary>; rel="successor-version"',
    );
    expect((await shop.send('/rest/books')).status).toBe(200);
    expect((await openBoth('2027-06-29T23:59:59Z').send('/rest/v1/books')).status).toBe(200);
  });

  it('each version has its own description, which says what is deprecated', async () => {
    const shop = openBoth('2026-01-01');
    const description = jsonOf(await shop.send('/rest/v1/openapi.json'));
    expect(description).toMatchObject({
      servers: [{ url: '/rest/v1' }],
      paths: { '/books': { get: { deprecated: true, 'x-sunset': '2027-06-30' } } },
    });
    expect(Object.keys(description['paths'] as object)).toEqual(['/books', '/books/{id}']);
  });

  it('a path of no version is not found in it', async () => {
    expect((await openBoth('2026-01-01').send('/rest/v1/authors')).status).toBe(404);
    expect((await openBoth('2026-01-01').send('/rest/v3/books')).status).toBe(404);
  });
});

describe('P4: brown-outs', () => {
  const brownOuts = [
    { version: 'v1', from: new Date('2027-05-03T09:00:00Z'), until: new Date('2027-05-03T09:30:00Z') },
  ];

  it('within its window every route of the version is 410, and says when it is back', async () => {
    const shop = openBoth('2027-05-03T09:10:00Z', { brownOuts, negativeTtl: 600 });
    const off = await shop.send('/rest/v1/books/madame-bovary');
    expect([off.status, off.headers['retry-after'], off.headers['cache-control']]).toEqual([410, '1200', 'no-store']);
    expect(jsonOf(off)).toMatchObject({
      type: '/rest/problems/version-brown-out',
      detail: 'v1 is switched off until 2027-05-03T09:30:00.000Z, as a reminder that it comes to its end',
      successor: '/rest/v2/books/madame-bovary',
    });
    expect(off.headers).toMatchObject({
      sunset: 'Wed, 30 Jun 2027 00:00:00 GMT',
      link: '</rest/v2/books/madame-bovary>; rel="successor-version"',
    });
    expect(shop.executed).toEqual([]);
    expect((await shop.send('/rest/v2/books/madame-bovary')).status).toBe(200);
  });

  it.each(['2027-05-03T08:59:59Z', '2027-05-03T09:30:00Z'])('outside of it, at %s, it answers', async (now) => {
    expect((await openBoth(now, { brownOuts }).send('/rest/v1/books')).status).toBe(200);
  });

  it('after the sunset it is gone for good, brown-out or not', async () => {
    const late = [{ version: 'v1', from: new Date('2027-07-01'), until: new Date('2027-07-02') }];
    const gone = await openBoth('2027-07-01T12:00:00Z', { brownOuts: late }).send('/rest/v1/books');
    expect([jsonOf(gone)['code'], gone.headers['retry-after']]).toEqual(['VERSION_GONE', undefined]);
    expect(jsonOf(gone)['successor']).toBe('/rest/v2/books');
  });

  it('a version that is not there stops the start', () => {
    const typo = [{ ...brownOuts[0]!, version: 'v3' }];
    expect(() => openBoth('2026-01-01', { brownOuts: typo })).toThrow(
      'A brown-out names version "v3", expected one of "v2", "v1"',
    );
  });
});

describe('links of the lifecycle', () => {
  const linkOf = async (lifecycleLinks: FacadeSettings['lifecycleLinks'] & object, path = '/rest/v1/books') =>
    (await openBoth('2026-12-24', { lifecycleLinks }).send(path)).headers['link'];

  it('lead to the pages about deprecation and sunset, where there are some', async () => {
    const pages = { deprecation: '/docs/{version}', sunset: 'https://shop.example/policies' };
    expect(await linkOf(pages)).toContain(
      '</rest/v2/books>; rel="successor-version", </docs/v1>; rel="deprecation"; type="text/html", ' +
        '<https://shop.example/policies>; rel="sunset"; type="text/html"',
    );
    expect(await linkOf(pages, '/rest/v2/books')).not.toContain('deprecation');
  });

  it('are left out where the setting says so; the header fields stay', async () => {
    expect(await linkOf({ isOn: false, deprecation: '/docs' })).not.toMatch(/successor-version|deprecation/);
    const { headers } = await openBoth('2026-12-24', { lifecycleLinks: { isOn: false } }).send('/rest/v1/books');
    expect(headers).toMatchObject({ deprecation: '@1782777600', sunset: 'Wed, 30 Jun 2027 00:00:00 GMT' });
  });
});

describe('versioning: header', () => {
  const shop = openBoth('2026-12-24', { versioning: 'header' });

  it.each(['v1', '1'])('API-Version: %s asks for the old version, and the answer varies by it', async (version) => {
    const response = await shop.send('/rest/books/madame-bovary', { headers: { 'api-version': version } });
    expect(jsonOf(response)).toMatchObject({ price: 12.9 });
    expect(response.headers).toMatchObject({ vary: 'Accept, API-Version', deprecation: '@1782777600' });
    expect(response.headers['content-location']).toBe('/rest/v1/books/madame-bovary');
  });

  it('without the header, and with a version in the path, the path decides', async () => {
    expect(jsonOf(await shop.send('/rest/books/madame-bovary'))).toMatchObject({ price: '12.90' });
    const old = await shop.send('/rest/v1/books/madame-bovary', { headers: { 'api-version': 'v2' } });
    expect(jsonOf(old)).toMatchObject({ price: 12.9 });
  });

  it('P16: a version that is not there is refused', async () => {
    const response = await shop.send('/rest/books', { headers: { 'api-version': 'v9' } });
    expect(response.status).toBe(400);
    expect(jsonOf(response)['detail']).toBe('API-Version is "v9", expected one of "v2", "v1"');
  });

  it('the header means nothing unless the setting says so', async () => {
    const response = await openBoth('2026-12-24').send('/rest/books/madame-bovary', {
      headers: { 'api-version': 'v1' },
    });
    expect(jsonOf(response)).toMatchObject({ price: '12.90' });
    expect(response.headers['vary']).toBe('Accept');
  });
});

describe('versioning: mediaType', () => {
  const shop = openBoth('2026-12-24', { versioning: 'mediaType' });
  const accept = 'application/vnd.bookshop.v1+json';

  it('the type names the version, and is the type of the answer', async () => {
    const response = await shop.send('/rest/books/madame-bovary', { headers: { accept } });
    expect(jsonOf(response)).toMatchObject({ price: 12.9 });
    expect(response.headers['content-type']).toBe(accept);
    expect((await shop.send('/rest/books', { headers: { accept: 'application/json' } })).headers['content-type']).toBe(
      'application/json',
    );
  });

  it('P12: a version that is not there is not acceptable, and the detail lists what is', async () => {
    const response = await shop.send('/rest/books', { headers: { accept: 'application/vnd.bookshop.v9+json' } });
    expect(response.status).toBe(406);
    expect(jsonOf(response)['detail']).toContain('"application/vnd.bookshop.v1+json"');
  });

  it('an answer under a type of its own has a tag of its own', async () => {
    const own = await shop.send('/rest/books/madame-bovary', {
      headers: { accept: 'application/vnd.bookshop.v2+json' },
    });
    const plain = await shop.send('/rest/books/madame-bovary');
    expect(own.body).toBe(plain.body);
    expect(own.headers['etag']).not.toBe(plain.headers['etag']);
  });
});
