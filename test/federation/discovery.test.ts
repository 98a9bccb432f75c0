// A service found by its file (upstream.md, section 13), from the settings to the answer: no restart, and the operator sees it.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestShop, type TestShop } from '../bookshop.ts';

const folder = mkdtempSync(join(tmpdir(), 'tributary-discovery-'));
const path = join(folder, 'catalog.yaml');
let shop: TestShop;
beforeAll(async () => {
  shop = await startTestShop({
    env: {
      TRIBUTARY_SERVICES__CATALOG__DISCOVERY__TYPE: 'file',
      TRIBUTARY_SERVICES__CATALOG__DISCOVERY__PATH: path,
      TRIBUTARY_UPSTREAM__DISCOVERY__BACKOFF__MAX: '50ms',
      // Where the connectors point: nobody is there, so only discovery can lead to an answer.
      CATALOG_URL: 'http://127.0.0.1:1',
    },
  });
});
afterAll(async () => {
  await shop?.close();
  rmSync(folder, { recursive: true, force: true });
});

const ask = () => shop.graphql('{ book(id: "madame-bovary") { title } }');
const catalog = async () => {
  const { services } = (await (await fetch(`${shop.server.adminUrl}/admin/upstreams`)).json()) as {
    services: { name: string; instances: { instance: string }[]; discovery?: { type: string; isStale: boolean } }[];
  };
  return services.find(({ name }) => name === 'catalog')!;
};
/** Asks the operator's page until it shows as many instances. */
const untilInstances = async (count: number) => {
  for (;;) {
    const shown = await catalog();
    if (shown.instances.length === count) return shown;
  }
};

it('while nothing is known of a service its calls are refused; its file is used as soon as it is there', async () => {
  const refused = await ask();
  expect(refused.data).toEqual({ book: null });
  expect(refused.errors![0]!.extensions['code']).toBe('UPSTREAM_UNREACHABLE');
  expect(JSON.stringify(refused)).not.toContain(folder);
  expect(await catalog()).toMatchObject({ instances: [], discovery: { type: 'file', isStale: true } });

  writeFileSync(path, JSON.stringify([shop.serviceUrls.catalog]));
  const { host } = new URL(shop.serviceUrls.catalog);
  expect(await untilInstances(1)).toMatchObject({ instances: [{ instance: host }], discovery: { isStale: false } });
  expect((await ask()).data).toEqual({ book: { title: 'Madame Bovary' } });
});

it('garbage in the file changes nothing for clients', async () => {
  writeFileSync(path, '- [');
  while (!(await catalog()).discovery!.isStale);
  expect((await ask()).data).toEqual({ book: { title: 'Madame Bovary' } });
  const metrics = await (await fetch(`${shop.server.adminUrl}/metrics`)).text();
  expect(metrics).toMatch(/^discovery_age\{service="catalog",type="file"\} [\d.]+$/m);
});
