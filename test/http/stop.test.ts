/** Stopping under load: no request in flight is lost, probes say so first, and nothing is left running. */
import { describe, expect, it } from 'vitest';
import { startTestShop } from '../bookshop.ts';

describe('close()', () => {
  it('answers every request that was under way', async () => {
    const shop = await startTestShop();
    const query =
      '{ books(first: 20) { nodes { title stock rating { average } reviews(first: 3) { nodes { text } } } } }';
    const requests = Array.from({ length: 50 }, (_, index) => {
      const path = index % 2 === 0 ? undefined : '/rest/books/madame-bovary';
      return path === undefined
        ? shop.graphql(query).then(({ status, errors }) => [status, errors] as const)
        : fetch(`${shop.url}${path}`).then((response) => [response.status, undefined] as const);
    });
    // Wait until the last of them has been read by the server: its upstream calls have begun.
    await Promise.race(requests);
    const closed = shop.server.close();
    const answers = await Promise.allSettled(requests);
    await closed;
    const served = answers.filter((answer) => answer.status === 'fulfilled' && answer.value[0] === 200);
    expect(answers.filter((answer) => answer.status === 'rejected')).toEqual([]);
    expect(served).toHaveLength(50);
    await shop.close();
  });
});
