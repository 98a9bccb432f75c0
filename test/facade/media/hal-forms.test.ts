/** HAL-FORMS templates and the ALPS profile (facade.md 4, 4.1). */
// oxlint-disable no-underscore-dangle -- `_templates` is the format's own name
import { describe, expect, it } from 'vitest';
import { jsonOf, openShop, type Sent } from '../bookshop.ts';

const forms = { headers: { accept: 'application/prs.hal-forms+json' } };
const shop = openShop();

interface Template {
  readonly target: string;
  readonly method: string;
  readonly contentType?: string;
  readonly properties: { name: string; required: boolean; type?: string; regex?: string }[];
}
const templatesAt = async (url: string, sent: Sent = forms, from = shop): Promise<Record<string, Template>> => {
  const response = await from.send(url, sent);
  expect(response.headers['content-type']).toBe('application/prs.hal-forms+json');
  return (jsonOf(response) as { _templates: Record<string, Template> })._templates;
};

describe('HAL-FORMS', () => {
  it('an item has a template for each write on it, filled with its address', async () => {
    const templates = await templatesAt('/rest/books/madame-bovary');
    const lines = Object.entries(templates).map(
      ([name, { method, target, contentType }]) => `${name} ${method} ${target} ${contentType ?? '-'}`,
    );
    expect(lines).toEqual([
      'replaceBook PUT /rest/books/madame-bovary application/json',
      'patchBook PATCH /rest/books/madame-bovary application/merge-patch+json',
      'deleteBook DELETE /rest/books/madame-bovary -',
      'addReview POST /rest/books/madame-bovary/reviews application/json',
    ]);
    expect(templates['replaceBook']!.properties).toContainEqual(
      expect.objectContaining({ name: 'price', required: true, type: 'text', regex: '^-?(0|[1-9]\\d*)(\\.\\d+)?$' }),
    );
    expect(templates['patchBook']!.properties.every(({ required }) => !required)).toBe(true);
  });

  it('a collection has a template for what may be added to it', async () => {
    expect(await templatesAt('/rest/books?first=1')).toMatchObject({
      createBook: { method: 'POST', target: '/rest/books', title: 'Create a book' },
    });
  });

  it('what is sent as a template says is taken', async () => {
    const { createBook } = await templatesAt('/rest/books');
    const values: Record<string, unknown> = { title: 'Bouvard', authorIds: ['gustave-flaubert'], price: '9.90' };
    const body = Object.fromEntries(
      createBook!.properties.filter(({ required }) => required).map(({ name }) => [name, values[name]]),
    );
    const { method, target } = createBook!;
    expect((await openShop().send(target, { method, body })).status).toBe(201);
  });

  it('an action is a template while the state allows it', async () => {
    const own = openShop();
    expect(Object.keys(await templatesAt('/rest/orders/o1', forms, own))).toEqual(['cancelOrder']);
    expect(await templatesAt('/rest/orders/o1/cancellation', { ...forms, method: 'POST' }, own)).toEqual({});
  });

  it('is HAL beside that', async () => {
    const [asForms, asHal] = await Promise.all(
      [forms.headers.accept, 'application/hal+json'].map((accept) =>
        shop.send('/rest/books/salammbo', { headers: { accept } }),
      ),
    );
    expect(jsonOf(asForms!)).toMatchObject(jsonOf(asHal!));
    expect(asForms!.headers['etag']).not.toBe(asHal!.headers['etag']);
  });

  it('its tag is good for a write', async () => {
    const own = openShop();
    const { headers } = await own.send('/rest/books/salammbo', forms);
    const write = { method: 'PATCH', body: { year: 1862 }, headers: { 'if-match': String(headers['etag']) } };
    expect((await own.send('/rest/books/salammbo', write)).status).toBe(200);
  });
});

describe('the profile', () => {
  it('describes types and transitions, and every reference in it leads somewhere', async () => {
    const response = await shop.send('/rest/profile');
    expect(response.headers['content-type']).toBe('application/alps+json');
    const { alps } = jsonOf(response) as { alps: { version: string; descriptor: Record<string, unknown>[] } };
    expect(alps.version).toBe('1.0');
    const byId = new Map(alps.descriptor.map((one) => [one['id'], one]));
    expect(byId.get('GetBook')).toMatchObject({ type: 'safe', rt: '#Book' });
    expect(byId.get('ReplaceBook')).toMatchObject({ type: 'idempotent' });
    expect(byId.get('PlaceOrder')).toMatchObject({ type: 'unsafe', rt: '#Order' });
    const references = [...JSON.stringify(alps).matchAll(/"(?:rt|href)":"#([^"]+)"/g)].map(([, id]) => id);
    expect(references.filter((id) => !byId.has(id))).toEqual([]);
    const ids = [...JSON.stringify(alps).matchAll(/"id":"([^"]+)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });
});
