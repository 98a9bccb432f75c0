// Balancing and ejection (upstream.md, section 8; the rows of its section 14 are in test/faults), against several real servers.
import { describe, expect, test } from 'vitest';
import { createUpstream } from 'tributary-gateway/upstream';
import { createStaticDiscovery } from '../../../gateway/upstream/discovery/static.ts';
import { once } from '../harness.ts';
import { startInstance, startService } from '../instances.ts';

const share = (part: number, whole: number) => part / whole;

test('the path stays, the address is that of an instance', async () => {
  const instance = await startInstance();
  let seen: string | undefined;
  instance.answer = (request, response) => {
    seen = `${request.method} ${request.url} ${request.headers.host}`;
    response.end();
  };
  const { addr, port } = instance.instance;
  const discovery = createStaticDiscovery([`http://${addr}:${port}`]);
  const upstream = createUpstream({ discovery: { catalog: discovery } });
  const context = {
    signal: new AbortController().signal,
    deadlineAt: performance.now() + 30_000,
    identity: '',
    requestId: '',
  };
  await upstream.call({
    service: 'catalog',
    method: 'GET',
    url: 'https://nowhere.invalid/v2/books?q=a%20b',
    headers: {},
    context,
  });
  expect(seen).toBe(`GET /v2/books?q=a%20b ${addr}:${port}`);
  expect(upstream.describe()).toMatchObject([
    { service: 'catalog', instances: [{ instance: `${addr}:${port}`, state: 'ready', inFlight: 0 }] },
  ]);
  await upstream.close();
});

describe('a set that changes', () => {
  test('an instance that leaves gets nothing new and finishes what it has; nothing is watched after the end', async () => {
    const service = await startService(2);
    const [first, second] = service.instances;
    let finish = () => {};
    const isAsked = new Promise<void>((resolve) => {
      first!.answer = (_request, response) => {
        finish = () => void response.end('{}');
        resolve();
      };
    });
    service.setInstances([first!.instance]);
    const inFlight = service.send();
    await isAsked;
    service.setInstances([second!.instance]);
    expect(await service.sendMany(20)).toEqual(Array.from({ length: 20 }, () => 200));
    expect(service.hits()).toEqual([1, 20]);
    finish();
    expect((await inFlight).status).toBe(200);
    await service.upstream.close();
    expect(service.isWatched()).toBe(false);
  });

  test('what never finishes is ended after the drain time', async () => {
    const service = await startService(2, {
      ...once,
      deadline: { callMs: 200_000, attemptMs: 100_000, headersMs: 100_000 },
    });
    const [first, second] = service.instances;
    const isAsked = new Promise<void>((resolve) => (first!.answer = () => resolve()));
    service.setInstances([first!.instance]);
    const inFlight = service.send().catch((error: { code: string }) => error.code);
    await isAsked;
    service.setInstances([second!.instance]);
    await service.clock.untilScheduled(30_000);
    service.clock.advance(30_000);
    expect(await inFlight).toMatch(/^(UPSTREAM_UNREACHABLE|DEADLINE_EXCEEDED)$/);
  });

  test('draining instances get nothing; with none left the service cannot be reached', async () => {
    const service = await startService(2, once);
    const [first, second] = service.instances.map(({ instance }) => instance);
    service.setInstances([{ ...first!, state: 'draining' }, second!]);
    await service.sendMany(20);
    expect(service.hits()).toEqual([0, 20]);
    service.setInstances([]);
    await expect(service.send()).rejects.toMatchObject({
      code: 'UPSTREAM_UNREACHABLE',
      reason: 'no-instance',
      dispatched: false,
    });
  });

  test('a new instance starts with a tenth of its share and has it all after 5 s; a first set starts at once', async () => {
    const service = await startService(2);
    const [first, second] = service.instances.map(({ instance }) => instance);
    service.setInstances([first!]);
    await service.sendMany(5);
    service.setInstances([first!, second!]);
    const atFirst = service.hits()[1]!;
    await service.sendMany(300);
    const early = service.hits()[1]! - atFirst;
    expect(share(early, 300)).toBeGreaterThan(0.02);
    expect(share(early, 300)).toBeLessThan(0.2);
    service.clock.advance(5000);
    const before = service.hits()[1]!;
    await service.sendMany(300);
    expect(share(service.hits()[1]! - before, 300)).toBeGreaterThan(0.3);
  });
});

test('what is known of a service does not depend on how it answers', async () => {
  const { upstream, sendMany, instances, setInstances } = await startService(2);
  for (const one of instances) await one.kill();
  await sendMany(20);
  expect(upstream.knownInstances()).toEqual([{ service: 'catalog', instances: 2 }]);
  setInstances([]);
  expect(upstream.knownInstances()).toEqual([{ service: 'catalog', instances: 0 }]);
});
