// Balancing and ejection (upstream.md, sections 8 and 14), against several real servers.
import { describe, expect, test } from 'vitest';
import { createUpstream } from 'tributary-gateway/upstream';
import { createStaticDiscovery } from '../../../gateway/upstream/discovery/static.ts';
import { once } from '../harness.ts';
import { startInstance, startService, status } from '../instances.ts';

const noBreaker = { breaker: { enabled: false } };
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
    expect(service.isWatched).toBe(false);
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

describe('F22: one of three instances is dead', () => {
  test('no error for calls that may be repeated; out after at most 5 failures; the others share evenly', async () => {
    const service = await startService(3, noBreaker);
    await service.instances[0]!.kill();
    const ends = await service.sendMany(300);
    expect(new Set(ends)).toEqual(new Set([200]));
    const ejected = service.events.filter(({ kind }) => kind === 'instance-ejected');
    expect(ejected).toMatchObject([{ service: 'catalog', failures: 5, times: 1 }]);
    const [, second, third] = service.hits();
    expect(second! + third!).toBe(300);
    expect(Math.abs(second! - third!)).toBeLessThan(60);
  });
});

describe('F23: one of three answers 500 at once', () => {
  test('it is not taken for a fast one: after its fifth failure nothing goes to it', async () => {
    const service = await startService(3, noBreaker);
    service.instances[0]!.answer = status(500);
    const ends = await service.sendMany(500);
    expect(ends.filter((end) => end === 500)).toHaveLength(5);
    expect(service.hits()[0]).toBe(5);
  });
});

describe('F25: an instance that flaps', () => {
  test('is out for 10, 20, 30 s, with one event a transition; a quiet minute takes one off', async () => {
    const service = await startService(3, { ...noBreaker, ejection: { jitter: 0 } });
    service.instances[0]!.answer = status(500);
    const waits = () => service.events.flatMap((event) => (event.kind === 'instance-ejected' ? [event.waitMs] : []));
    for (let round = 1; round <= 3; round++) {
      while (waits().length < round) await service.sendMany(10);
      service.clock.advance(waits().at(-1)! + 5000);
    }
    await service.sendMany(1);
    expect(waits()).toEqual([10_000, 20_000, 30_000]);
    expect(service.events.filter(({ kind }) => kind === 'instance-returned')).toHaveLength(3);
    service.clock.advance(120_000);
    while (waits().length < 4) await service.sendMany(10);
    expect(waits()[3]).toBe(20_000);
  });
});

describe('F26: one instance ten times as slow', () => {
  test('gets less than 5 % of the traffic', async () => {
    const service = await startService(3, noBreaker);
    // Time stands still but for what an instance takes.
    service.instances.forEach((instance, index) => {
      instance.answer = (_request, response) => {
        service.clock.advance(index === 0 ? 100 : 10);
        response.end();
      };
    });
    await service.sendMany(1000);
    expect(share(service.hits()[0]!, 1000)).toBeLessThan(0.05);
  });

  test('one that hangs gets less than 5 % as well: its work in hand says so', async () => {
    const service = await startService(3, { ...noBreaker, ...once });
    let hang = () => {};
    service.instances[0]!.answer = () => hang();
    for (const instance of service.instances.slice(1)) {
      instance.answer = (_request, response) => {
        service.clock.advance(10);
        response.end();
      };
    }
    const sent: Promise<unknown>[] = [];
    for (let n = 0; n < 300; n++) {
      const isHanging = new Promise<void>((resolve) => (hang = resolve));
      const call = service.send({ path: `/books/${n}` }).catch(() => {});
      sent.push(call);
      await Promise.race([call, isHanging]);
    }
    expect(service.hits().reduce((sum, hits) => sum + hits)).toBe(300);
    expect(share(service.hits()[0]!, 300)).toBeLessThan(0.05);
    service.clock.advance(5000);
    await Promise.all(sent);
  });
});

describe('F27: two of three are dead', () => {
  test('at most half is out, and the third answers every call that may be repeated', async () => {
    const service = await startService(3, {
      ...noBreaker,
      retry: { budget: { ratio: 9, windowMs: 10_000, floorPerSecond: 9 } },
    });
    await service.instances[0]!.kill();
    await service.instances[1]!.kill();
    expect(new Set(await service.sendMany(100))).toEqual(new Set([200]));
    expect(service.events.filter(({ kind }) => kind === 'instance-ejected')).toHaveLength(1);
  });

  test('a set of one is used even when it is out', async () => {
    const service = await startService(1, { ...noBreaker, ...once });
    service.instances[0]!.answer = status(500);
    expect(await service.sendMany(20)).toEqual(Array.from({ length: 20 }, () => 500));
  });
});

describe('F24: all three die, and come back', () => {
  test('CIRCUIT_OPEN without a call; 4 s later they are back, and answer within 10 s', async () => {
    const service = await startService(3);
    for (const instance of service.instances) await instance.kill();
    const ends = await service.sendMany(60);
    expect(new Set(ends.slice(0, 20))).toEqual(new Set(['UPSTREAM_UNREACHABLE']));
    expect(new Set(ends.slice(20))).toEqual(new Set(['CIRCUIT_OPEN']));
    service.clock.advance(4000);
    for (const instance of service.instances) await instance.restart();
    const backAt = service.clock.now();
    while ((await service.sendMany(1))[0] !== 200) service.clock.advance(100);
    while (service.events.filter((event) => event.kind === 'breaker-changed' && event.to === 'closed').length === 0)
      await service.sendMany(1);
    expect(service.clock.now() - backAt).toBeLessThan(10_000);
    service.clock.advance(5000);
    expect(new Set(await service.sendMany(50))).toEqual(new Set([200]));
  });
});
