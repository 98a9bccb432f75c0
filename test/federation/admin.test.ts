// What the operator sees of real traffic (upstream.md, section 12): the shop is asked, the admin port tells.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestShop, type TestShop } from '../bookshop.ts';

let shop: TestShop;
beforeAll(async () => {
  shop = await startTestShop();
});
afterAll(() => shop?.close());

interface Report {
  readonly services: readonly {
    readonly name: string;
    readonly calls: Record<string, number>;
    readonly attempts: number;
  }[];
}

const report = async () => (await (await fetch(`${shop.server.adminUrl}/admin/upstreams`)).json()) as Report;

it('GET /admin/upstreams and GET /metrics count the calls of a query, service by service', async () => {
  await shop.graphql('{ book(id: "madame-bovary") { title stock } }');
  await shop.stopService('authors');
  await shop.graphql('{ author(id: "gustave-flaubert") { name } }');
  await shop.startService('authors');
  const { services } = await report();
  const of = (name: string) => services.find((service) => service.name === name);
  expect(services.map(({ name }) => name).toSorted()).toEqual(['authors', 'catalog', 'inventory', 'orders', 'reviews']);
  expect(of('catalog')).toMatchObject({ calls: { success: 1 }, attempts: 1 });
  expect(of('inventory')).toMatchObject({ calls: { success: 1 } });
  expect(of('reviews')).toMatchObject({ attempts: 0 });
  expect(of('authors')).toMatchObject({ calls: { failure: 1 }, lastFailure: { code: 'UPSTREAM_UNREACHABLE' } });
  const metrics = await (await fetch(`${shop.server.adminUrl}/metrics`)).text();
  expect(metrics).toContain('upstream_requests{service="catalog",outcome="success"} 1\n');
  expect(metrics).toContain('upstream_requests{service="authors",outcome="failure"} 1\n');
});

it('the admin pages are not on the port of the clients', async () => {
  expect((await fetch(`${shop.url}/metrics`)).status).toBe(404);
  expect((await fetch(`${shop.url}/admin/upstreams`)).status).toBe(404);
});
