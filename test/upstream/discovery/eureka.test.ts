// Protocol-tested against a fake that answers as Eureka's REST operations do (F33).
import { expect, test } from 'vitest';
import { createEurekaSource } from '../../../gateway/upstream/discovery/eureka.ts';
import { startFakeRegistry, type RegistryExchange } from './fake-registry.ts';
import { watchSource } from './watch-source.ts';

const instance = (ipAddr: string, status: string, port: object = { $: 4006, '@enabled': 'true' }) => ({
  instanceId: `${ipAddr}:billing`,
  hostName: `host-${ipAddr}`,
  app: 'BILLING',
  ipAddr,
  status,
  port,
  securePort: { $: 4443, '@enabled': 'true' },
  leaseInfo: { renewalIntervalInSecs: 30, durationInSecs: 90, lastRenewalTimestamp: 1 },
});
const application = (...instances: readonly unknown[]) => ({ application: { name: 'BILLING', instance: instances } });

/** The last step answers all further requests as well. */
async function startEureka(...steps: readonly ((exchange: RegistryExchange) => void)[]) {
  let turn = 0;
  const registry = await startFakeRegistry((exchange) => steps[Math.min(turn++, steps.length - 1)]!(exchange));
  const source = createEurekaSource({ type: 'eureka', address: `${registry.url}/eureka/`, app: 'BILLING', pollMs: 10 });
  return { registry, watched: watchSource(source) };
}

test('only instances that are UP count, however old their lease: in self-preservation Eureka keeps them on purpose', async () => {
  const { registry, watched } = await startEureka(({ answer }) =>
    answer(
      application(instance('10.0.0.1', 'UP'), instance('10.0.0.2', 'OUT_OF_SERVICE'), instance('10.0.0.3', 'DOWN')),
    ),
  );
  await watched.untilAddresses('10.0.0.1:4006');
  expect(registry.exchanges[0]!.url.pathname).toBe('/eureka/apps/BILLING');
  expect(registry.exchanges[0]!.headers.accept).toBe('application/json');
});

test('the secure port is used where the other is disabled, a list of one may come without the list', async () => {
  const { watched } = await startEureka(({ answer }) =>
    answer({ application: { instance: instance('10.0.0.1', 'UP', { $: 4006, '@enabled': 'false' }) } }),
  );
  await watched.untilAddresses('10.0.0.1:4443');
  expect(watched.sets[0]![0]!.scheme).toBe('https');
});

test('404 is an empty set that has to hold', async () => {
  const { watched } = await startEureka(
    ({ answer }) => answer(application(instance('10.0.0.1', 'UP'))),
    ({ answer }) => answer('', { status: 404 }),
  );
  await watched.untilAddresses('10.0.0.1:4006');
  await watched.untilAddresses();
  expect(watched.events.map(({ kind }) => kind)).not.toContain('registry-lost');
});

test.each<[string, (exchange: RegistryExchange) => void]>([
  ['503', ({ answer }) => answer('', { status: 503 })],
  ['XML', ({ answer }) => answer('<application/>')],
  ['another document', ({ answer }) => answer({ applications: {} })],
  ['instances without address', ({ answer }) => answer(application({ status: 'UP' }))],
])('%s keeps the old set', async (_name, misbehave) => {
  const { watched } = await startEureka(
    ({ answer }) => answer(application(instance('10.0.0.1', 'UP'))),
    misbehave,
    ({ answer }) => answer(application(instance('10.0.0.1', 'UP'), instance('10.0.0.2', 'UP'))),
  );
  await watched.untilEvent('registry-lost');
  await watched.untilAddresses('10.0.0.1:4006', '10.0.0.2:4006');
  expect(watched.sets.map(({ length }) => length)).toEqual([1, 2]);
});
