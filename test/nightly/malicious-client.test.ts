// F56 of the fault table: clients that mean harm. Each is refused with a status of its own, and the next one is served.
import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestShop, type TestShop } from '../bookshop.ts';

let shop: TestShop;
beforeAll(async () => {
  shop = await startTestShop();
}, 240_000);
afterAll(() => shop?.close());

const post = async (body: string | Buffer, headers: Record<string, string> = {}): Promise<number> => {
  const response = await fetch(`${shop.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body,
  });
  await response.arrayBuffer();
  return response.status;
};
const query = (text: string) => JSON.stringify({ query: text });

describe('F56 a client that means harm is refused before any service is called', () => {
  test.each<[string, () => Promise<number>, number]>([
    ['a query of 2 MB', () => post(query(`{ books { nodes { title } } } #${'x'.repeat(2_000_000)}`)), 413],
    [
      '10,000 aliases',
      () => post(query(`{ ${Array.from({ length: 10_000 }, (_, n) => `a${n}: __typename`).join(' ')} }`)),
      400,
    ],
    ['10,000 levels', () => post(query(`${'{ a'.repeat(10_000)} ${'}'.repeat(10_000)}`)), 400],
    [
      'a batch of 1,000',
      () => post(JSON.stringify(Array.from({ length: 1000 }, () => ({ query: '{ __typename }' })))),
      400,
    ],
    [
      'a bomb of 50 MB in 50 KB',
      () => post(gzipSync(Buffer.alloc(50_000_000, 0x20)), { 'content-encoding': 'gzip' }),
      400,
    ],
    ['no JSON', () => post('{"query":'), 400],
  ])('%s', async (_name, send, status) => {
    shop.resetCalls();
    expect(await send()).toBe(status);
    expect(shop.calls).toEqual([]);
    expect(await post(query('{ __typename }'))).toBe(200);
  });

  test('a body at one byte a second is 408 and the end of its connection', { timeout: 120_000 }, async () => {
    const { port } = new URL(shop.url);
    const socket = connect(Number(port), '127.0.0.1');
    let answer = '';
    socket.on('data', (data) => (answer += String(data)));
    socket.write(
      'POST /graphql HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\ncontent-length: 500\r\n\r\n',
    );
    const dripping = setInterval(() => socket.write(' '), 1000);
    await new Promise((resolve) => socket.on('error', () => {}).on('close', resolve));
    clearInterval(dripping);
    expect(answer).toMatch(/^HTTP\/1\.1 408 /);
    expect(shop.calls).toEqual([]);
  });
});
