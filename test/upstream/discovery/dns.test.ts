// Against a DNS server on loopback, asked by Node's own resolver; what goes wrong with it is F29, in test/faults.
import { expect, test } from 'vitest';
import { startDns } from './start-dns.ts';

const a = (address: string, ttl = 0) => ({ a: address, ttl });
const srv = (target: string, port: number, priority = 0, weight = 1) => ({
  ttl: 60,
  srv: { priority, weight, port, target },
});

test('A records are instances at the port of the settings; a change is used, also under a TTL of 0', async () => {
  const { server, watched } = await startDns({ 'authors.internal': [a('127.0.0.1'), a('127.0.0.2')] });
  await watched.untilAddresses('127.0.0.1:4002', '127.0.0.2:4002');
  server.table['authors.internal'] = [a('127.0.0.3')];
  await watched.untilAddresses('127.0.0.3:4002');
  expect(watched.events.map(({ kind }) => kind)).toEqual(['instances-changed', 'instances-changed']);
});

test('a TTL of a day is cut to ttlMax', async () => {
  const { server, watched } = await startDns({ 'authors.internal': [a('127.0.0.1', 86_400)] });
  await watched.untilAddresses('127.0.0.1:4002');
  server.table['authors.internal'] = [a('127.0.0.2', 86_400)];
  await watched.untilAddresses('127.0.0.2:4002');
  expect(watched.addresses()).toEqual(['127.0.0.2:4002']);
});

test('SRV records carry port and weight, and only the best priority counts', async () => {
  const name = '_http._tcp.authors.internal';
  const { watched } = await startDns(
    {
      [name]: [srv('one.internal', 4102, 1, 3), srv('two.internal', 4202, 1, 0), srv('spare.internal', 4302, 2)],
      'one.internal': [a('127.0.0.1')],
      'two.internal': [a('127.0.0.2')],
      'spare.internal': [a('127.0.0.3')],
    },
    { name, record: 'SRV', port: undefined },
  );
  await watched.untilAddresses('127.0.0.1:4102', '127.0.0.2:4202');
  expect(
    watched.sets
      .at(-1)!
      .map(({ addr, weight }) => `${addr} ${weight}`)
      .toSorted(),
  ).toEqual(['127.0.0.1 3', '127.0.0.2 1']);
});
