/** 200 orders at the same time for the last 50 copies, through the facade: 50 confirmed, 150 refused with the reason. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestShop, type TestShop } from '../bookshop.ts';

let shop: TestShop;
beforeAll(async () => {
  shop = await startTestShop();
});
afterAll(() => shop?.close());

describe('200 parallel orders for the last 50 copies', () => {
  it('50 are confirmed, 150 are refused, stock is zero and nothing stays reserved', { timeout: 120_000 }, async () => {
    const stockUrl = `${shop.serviceUrls.inventory}/v1/stock/le-petit-prince`;
    await fetch(stockUrl, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ onHand: 50 }),
    });
    const answers = await Promise.all(
      Array.from({ length: 200 }, async (_, index) => {
        const response = await fetch(`${shop.url}/rest/orders`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', 'idempotency-key': `order-${index}` },
          body: JSON.stringify({ customer: `customer-${index}`, lines: [{ bookId: 'le-petit-prince', quantity: 1 }] }),
        });
        return { status: response.status, body: (await response.json()) as Record<string, unknown> };
      }),
    );
    const confirmed = answers.filter(({ status }) => status === 201);
    const refused = answers.filter(({ status }) => status === 409);
    expect([confirmed.length, refused.length]).toEqual([50, 150]);
    for (const { body } of confirmed) expect(body).toMatchObject({ status: 'CONFIRMED' });
    for (const { body } of refused) {
      expect(body).toMatchObject({ type: '/rest/problems/out-of-stock', bookId: 'le-petit-prince', available: 0 });
    }
    const stock = (await (await fetch(stockUrl)).json()) as Record<string, unknown>;
    expect(stock).toMatchObject({ onHand: 0, reserved: 0, available: 0 });
  });
});
