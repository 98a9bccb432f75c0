// Protocol-tested against a fake that answers as Consul's documentation says, and misbehaves as it says (F32, F33).
import { expect, onTestFinished, test } from 'vitest';
import { registerInstance } from 'tributary-gateway/upstream';
import { createConsulSource } from '../../../gateway/upstream/discovery/consul.ts';
import { startFakeRegistry, type RegistryExchange } from './fake-registry.ts';
import { watchSource } from './watch-source.ts';

const entry = (address: string, port: number, { node = '10.0.0.99', passing = 1 } = {}) => ({
  Node: { Node: 'n1', Address: node, Datacenter: 'dc1' },
  Service: {
    ID: `orders-${port}`,
    Service: 'orders',
    Address: address,
    Port: port,
    Weights: { Passing: passing, Warning: 1 },
  },
  Checks: [{ Status: 'passing' }],
});
const index = (value: number | string) => ({ headers: { 'x-consul-index': String(value) } });

/** Answers the nth request by the nth step; beyond the last step a request blocks, as a query with a wait does. */
async function startConsul(steps: readonly ((exchange: RegistryExchange) => void)[]) {
  let turn = 0;
  const registry = await startFakeRegistry((exchange) => steps[turn++]?.(exchange));
  const source = createConsulSource({
    type: 'consul',
    address: registry.url,
    service: 'orders',
    waitMs: 55_000,
    token: 'secret-token',
  });
  return { registry, watched: watchSource(source) };
}

test('asks for passing instances with the last index, and blocks until something changes', async () => {
  const { registry, watched } = await startConsul([
    ({ answer }) => answer([entry('10.0.0.1', 4005, { passing: 5 }), entry('', 4006)], index(7)),
  ]);
  await watched.untilAddresses('10.0.0.1:4005', '10.0.0.99:4006');
  expect(watched.sets[0]![0]).toEqual({ addr: '10.0.0.1', port: 4005, weight: 5, zone: 'dc1', state: 'ready' });
  const second = await registry.exchange(2);
  expect(second.url.pathname).toBe('/v1/health/service/orders');
  expect(Object.fromEntries(second.url.searchParams)).toEqual({ passing: 'true', index: '7', wait: '55s' });
  expect(second.headers['x-consul-token']).toBe('secret-token');
  second.answer([entry('10.0.0.2', 4005)], index(8));
  await watched.untilAddresses('10.0.0.2:4005');
});

test('an index that goes back is started over from 0', async () => {
  const { registry } = await startConsul([
    ({ answer }) => answer([entry('10.0.0.1', 4005)], index(900)),
    ({ answer }) => answer([entry('10.0.0.1', 4005)], index(3)),
  ]);
  expect((await registry.exchange(3)).url.searchParams.get('index')).toBe('0');
});

test('an index of 0 would not block: 1 is asked for', async () => {
  const { registry } = await startConsul([({ answer }) => answer([entry('10.0.0.1', 4005)], index(0))]);
  expect((await registry.exchange(2)).url.searchParams.get('index')).toBe('1');
});

test.each([
  ['500', ({ answer }: RegistryExchange) => answer('No cluster leader', { status: 500 })],
  ['403 of an ACL', ({ answer }: RegistryExchange) => answer('Permission denied', { status: 403 })],
  ['HTML', ({ answer }: RegistryExchange) => answer('<html>', index(9))],
  ['null', ({ answer }: RegistryExchange) => answer('null', index(9))],
  ['a list of garbage', ({ answer }: RegistryExchange) => answer([null, 3, {}], index(9))],
  ['no index', ({ answer }: RegistryExchange) => answer([])],
  ['a cut connection', ({ response }: RegistryExchange) => response.destroy()],
])('%s keeps the old set, and is asked again from the start', async (_name, misbehave) => {
  const { registry, watched } = await startConsul([
    ({ answer }) => answer([entry('10.0.0.1', 4005)], index(7)),
    misbehave,
    ({ answer }) => answer([entry('10.0.0.1', 4005), entry('10.0.0.2', 4005)], index(10)),
  ]);
  await watched.untilEvent('registry-lost');
  expect(watched.addresses()).toEqual(['10.0.0.1:4005']);
  await watched.untilAddresses('10.0.0.1:4005', '10.0.0.2:4005');
  expect(registry.exchanges[2]!.url.searchParams.get('index')).toBe('0');
  expect(JSON.stringify(watched.events)).not.toContain('secret-token');
});

test('registerInstance registers with a TTL check, keeps it passing, and registers again when Consul has forgotten it', async () => {
  let known = false;
  let passes = 0;
  const registry = await startFakeRegistry(({ url, answer }) => {
    if (url.pathname === '/v1/agent/service/register') known = true;
    else if (url.pathname.startsWith('/v1/agent/check/pass/')) {
      // Forgotten after the second sign of life, as by an agent that was set up anew.
      if (++passes === 3) known = false;
      if (!known) return answer('unknown check', { status: 404 });
    }
    return answer('');
  });
  const registration = registerInstance({
    registry: { type: 'consul', address: registry.url, token: 'secret-token' },
    service: 'orders',
    instance: { addr: '10.0.0.1', port: 4005, weight: 2, meta: { version: '2' } },
    ttlMs: 60,
  });
  let isStopped = false;
  onTestFinished(async () => void (isStopped || (await registration.stop())));
  const isRegister = ({ url }: RegistryExchange) => url.pathname === '/v1/agent/service/register';
  for (let n = 1; registry.exchanges.filter(isRegister).length < 2; n++) await registry.exchange(n);
  await registry.exchange(registry.exchanges.length + 1);
  await registration.stop();
  isStopped = true;
  const [first] = registry.exchanges;
  expect([first!.method, first!.headers['x-consul-token']]).toEqual(['PUT', 'secret-token']);
  expect(first!.body).toEqual({
    ID: 'orders-10.0.0.1-4005',
    Name: 'orders',
    Address: '10.0.0.1',
    Port: 4005,
    Meta: { version: '2' },
    Weights: { Passing: 2, Warning: 1 },
    Check: { TTL: '1s', DeregisterCriticalServiceAfter: '1m' },
  });
  expect(registry.exchanges[1]!.url.pathname).toBe('/v1/agent/check/pass/service%3Aorders-10.0.0.1-4005');
  expect(registry.exchanges.at(-1)!.url.pathname).toBe('/v1/agent/service/deregister/orders-10.0.0.1-4005');
});
