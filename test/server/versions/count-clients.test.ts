/** Who calls which version: names as clients give them, in a list that cannot grow without end. */
import { describe, expect, it } from 'vitest';
import { createClientCounter } from '../../../gateway/server/versions/count-clients.ts';
import { nameClient } from '../../../gateway/server/versions/name-client.ts';
import { reportVersions } from '../../../gateway/server/versions/report-versions.ts';
import { documents, oldDocuments, openShop } from '../../facade/bookshop.ts';

/** A counter whose clock stands a second later with each request. */
function openCounter(capacity = 100) {
  let at = Date.parse('2026-12-24T00:00:00Z');
  return createClientCounter({ capacity, now: () => new Date((at += 1_000)) });
}

describe('nameClient', () => {
  const header = 'apollographql-client-name';

  it.each([
    [{ [header]: 'storefront', 'user-agent': 'Mozilla/5.0' }, 'storefront'],
    [{ 'user-agent': 'curl/8.1.2' }, 'curl'],
    [{ 'user-agent': 'Mozilla/5.0 (X11; Linux)' }, 'Mozilla'],
    [{ [header]: '', authorization: 'Bearer secret' }, 'unknown'],
    [{ [header]: 'a"b\n\u0000ü' }, 'a"b '],
    [{ [header]: '(others)' }, ' others '],
    [{ [header]: 'x'.repeat(500) }, 'x'.repeat(64)],
  ])('%j is %j', (headers, name) => {
    expect(nameClient(headers, header)).toBe(name);
  });
});

describe('createClientCounter', () => {
  it('counts requests and 410 by version and client, the one seen last first', () => {
    const counter = openCounter();
    counter.note({ version: 'v1', client: 'till', isGone: false });
    counter.note({ version: 'v1', client: 'curl', isGone: false });
    counter.note({ version: 'v2', client: 'till', isGone: false });
    counter.note({ version: 'v1', client: 'till', isGone: true });
    expect(counter.clientsOf('v1')).toEqual([
      { name: 'till', requests: 2, gone: 1, lastSeen: '2026-12-24T00:00:04.000Z' },
      { name: 'curl', requests: 1, gone: 0, lastSeen: '2026-12-24T00:00:02.000Z' },
    ]);
    expect(counter.clientsOf('v9')).toEqual([]);
  });

  it('tells so many clients apart and no more: who was not seen for longest joins the others', () => {
    const counter = openCounter(2);
    for (const client of ['a', 'b', 'a', 'c', 'd']) counter.note({ version: 'v1', client, isGone: false });
    expect(counter.clientsOf('v1').map(({ name, requests }) => [name, requests])).toEqual([
      ['d', 1],
      ['c', 1],
      ['(others)', 3],
    ]);
    const [family] = counter.metrics();
    expect(family!.samples.reduce((sum, { value }) => sum + value, 0)).toBe(5);
  });
});

it('GET /admin/versions names versions, dates and clients of the routes that were asked for', async () => {
  const counter = openCounter();
  const shop = openShop({
    documents: [...documents, ...oldDocuments],
    now: () => new Date('2026-12-24'),
    onRouteUsed: ({ version, headers, status }) =>
      counter.note({ version, client: nameClient(headers, 'client'), isGone: status === 410 }),
  });
  await shop.send('/rest/v1/books', { headers: { client: 'till' } });
  await shop.send('/rest/v1/openapi.json', { headers: { client: 'reader' } });
  await shop.send('/rest/v1/nothing', { headers: { client: 'lost' } });
  const { since, versions } = reportVersions(shop.facade, counter, new Date('2026-12-01'));
  expect(since).toBe('2026-12-01T00:00:00.000Z');
  expect(versions).toMatchObject([
    { version: 'v2', isCurrent: true, clients: [] },
    {
      version: 'v1',
      isCurrent: false,
      routes: 2,
      deprecated: '2026-06-30',
      sunset: '2027-06-30',
      clients: [{ name: 'till', requests: 1, gone: 0 }],
    },
  ]);
});
