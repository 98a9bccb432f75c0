// What the collector can do to the gateway: nothing. And what a stop sends.
import { createServer as createTcpServer, type AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { createOtlpTracing } from '../../../gateway/server/telemetry/otlp-tracing.ts';
import { startFakeCollector } from './fake-collector.ts';

const options = { headers: {}, sample: 1, serviceName: 'test', onChange: () => {} };
const begin = { name: 'a', kind: 'internal', parent: undefined } as const;

async function findClosedPort(): Promise<number> {
  const server = createTcpServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

it('close sends what is waiting', async () => {
  const collector = await startFakeCollector();
  const tracing = createOtlpTracing({ ...options, endpoint: collector.endpoint });
  tracing.start(begin).end();
  expect(collector.spans).toEqual([]);
  await tracing.close();
  expect(collector.spans).toMatchObject([{ name: 'a', service: 'test', hasFailed: false }]);
});

it('of more spans than the queue (2048) and a batch under way (512) hold, those that come last are dropped', async () => {
  const collector = await startFakeCollector();
  const tracing = createOtlpTracing({ ...options, endpoint: collector.endpoint });
  // In one turn, so that nothing is sent in between.
  for (let number = 0; number < 10_000; number++) tracing.start({ ...begin, name: String(number) }).end();
  await tracing.close();
  expect(collector.spans).toHaveLength(2_560);
  expect(Math.max(...collector.spans.map(({ name }) => Number(name)))).toBe(2_559);
});

it('close ends although the collector never answers', async () => {
  const collector = await startFakeCollector({ isDead: true });
  const tracing = createOtlpTracing({ ...options, endpoint: collector.endpoint, flushMs: 50 });
  tracing.start(begin).end();
  await tracing.close();
  expect(collector.spans).toEqual([]);
});

it('a collector that is not there is told once, by a code, without its address', async () => {
  const told: unknown[] = [];
  const endpoint = `http://127.0.0.1:${await findClosedPort()}/v1/traces`;
  const tracing = createOtlpTracing({ ...options, endpoint, onChange: (...change) => void told.push(change) });
  for (let number = 0; number < 1_500; number++) tracing.start(begin).end();
  await tracing.close();
  expect(told).toHaveLength(1);
  expect(told).toEqual([[true, expect.stringMatching(/^[A-Za-z_0-9]+$/)]]);
}, 30_000);

it('a span that fails says why by a code', async () => {
  const collector = await startFakeCollector();
  const tracing = createOtlpTracing({ ...options, endpoint: collector.endpoint });
  tracing.start(begin).end('UPSTREAM_TIMEOUT');
  await tracing.close();
  expect(collector.spans).toMatchObject([{ hasFailed: true, attributes: { 'error.type': 'UPSTREAM_TIMEOUT' } }]);
});
