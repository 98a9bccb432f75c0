/** A service that stays away is left alone, on both sides of the gateway, and is found again by itself. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestShop, type TestShop } from '../bookshop.ts';

let shop: TestShop;
beforeAll(async () => {
  shop = await startTestShop({
    env: { TRIBUTARY_UPSTREAM__BREAKER__OPEN: '500ms', TRIBUTARY_UPSTREAM__BREAKER__RAMP__TIME: '1ms' },
  });
});
afterAll(() => shop?.close());

const askReviews = (n: number) =>
  shop.graphql(`{ book(id: "madame-bovary") { title reviews(first: ${n}) { nodes { rating } } } }`);

it('20 calls that fail open the breaker; then no attempt is made, and one probe after the other closes it', async () => {
  await shop.stopService('reviews');
  const codes = async (n: number) => (await askReviews(n)).errors?.map(({ extensions }) => extensions['code']);
  for (let n = 1; n <= 20; n++) expect(await codes(n)).toEqual(['UPSTREAM_UNREACHABLE']);

  shop.resetCalls();
  const { data, errors } = await askReviews(21);
  expect(data.book).toMatchObject({ title: 'Madame Bovary', reviews: null });
  expect(errors).toMatchObject([
    {
      message: 'Service "reviews" is not available for the moment',
      path: ['book', 'reviews'],
      extensions: { code: 'CIRCUIT_OPEN', service: 'reviews', retryable: true },
    },
  ]);
  expect(errors![0]!.extensions['retryAfterMs']).toBeGreaterThan(0);

  const rest = await fetch(`${shop.url}/rest/books/madame-bovary/reviews`);
  expect(rest.status).toBe(503);
  expect(rest.headers.get('retry-after')).toBe('1');
  expect(await rest.json()).toMatchObject({ status: 503, code: 'CIRCUIT_OPEN', service: 'reviews' });
  expect(shop.countCalls()['reviews']).toBeUndefined();

  await shop.startService('reviews');
  await expect.poll(async () => (await askReviews(1)).errors, { timeout: 10_000, interval: 100 }).toBeUndefined();
  for (let n = 2; n <= 4; n++) expect((await askReviews(n)).errors).toBeUndefined();
});
