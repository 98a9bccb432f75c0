// F22 to F27 of the fault table: instances that die, hang or flap, as servers in this process and as processes of their own.
import { describe, expect, test } from 'vitest';
import { once } from '../upstream/harness.ts';
import { callInstances, startService, status } from '../upstream/instances.ts';
import { startInstanceProcesses } from './instance-process.ts';
import { settle } from './wire.ts';

const noBreaker = { breaker: { enabled: false } };
const share = (part: number, whole: number) => part / whole;

type Client = Pick<ReturnType<typeof callInstances>, 'events'>;

const attemptsAt = ({ events }: Client, name: string, kind: 'attempt-started' | 'attempt-ended' = 'attempt-ended') =>
  events.flatMap((event) =>
    event.kind === kind && event.instance === name
      ? [{ outcome: event.kind === 'attempt-ended' ? event.outcome : undefined }]
      : [],
  );

const untilEvents = async ({ events }: Client, kind: string, count: number) => {
  while (events.filter((event) => event.kind === kind).length < count) await settle(1);
};

describe('F22 one of three instances dead: no error for calls that may be repeated, out after at most 5 failures', () => {
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
  test('SIGKILL while four clients call: every one of 400 calls is answered', async () => {
    const instances = await startInstanceProcesses(3);
    const service = callInstances(instances, noBreaker);
    const lanes = Array.from({ length: 4 }, (_, lane) => service.sendMany(100, { at: `/lane-${lane}` }));
    await untilEvents(service, 'attempt-ended', 100);
    await instances[0]!.kill();
    expect((await Promise.all(lanes)).flat().filter((end) => end !== 200)).toEqual([]);
    const ejected = service.events.filter(({ kind }) => kind === 'instance-ejected');
    expect(ejected).toMatchObject([{ instance: instances[0]!.name, times: 1 }]);
    const failed = attemptsAt(service, instances[0]!.name).filter(({ outcome }) => outcome === 'failure');
    // Four at once may be on their way when the fifth of them ejects it.
    expect(failed.length).toBeGreaterThanOrEqual(5);
    expect(failed.length).toBeLessThanOrEqual(5 + 3);
    const [second, third] = instances.slice(1).map(({ name }) => attemptsAt(service, name).length);
    // The cheaper of two random picks: on a busy machine the halves are not exact.
    expect(share(second!, second! + third!)).toBeGreaterThan(0.2);
    expect(share(second!, second! + third!)).toBeLessThan(0.8);
  });
});

describe('F23 one of three answers 500 at once: ejected, and fewer than 1 % of the calls fail', () => {
  test('it is not taken for a fast one: after its fifth failure nothing goes to it', async () => {
    const service = await startService(3, noBreaker);
    service.instances[0]!.answer = status(500);
    const ends = await service.sendMany(1000);
    expect(ends.filter((end) => end === 500)).toHaveLength(5);
    expect(service.hits()[0]).toBe(5);
  });
});

describe('F24 all three dead, then back: CIRCUIT_OPEN meanwhile, one probe, and calls again within an open wait', () => {
  /** Calls once in 100 ms until the breaker has closed; when the service was first seen again, and closed, since the end. */
  async function outage(lengthMs: number) {
    const instances = await startInstanceProcesses(3);
    const service = callInstances(instances, { ...once, breaker: { jitter: 0 } });
    await Promise.all(instances.map((instance) => instance.kill()));
    const firstEnds = await service.sendMany(20);
    const openedAt = service.clock.now();
    const ends: (number | string)[] = [];
    let isBack = false;
    let seenAfterMs: number | undefined;
    const closed = () => service.events.some((event) => event.kind === 'breaker-changed' && event.to === 'closed');
    while (!closed()) {
      if (!isBack && service.clock.now() - openedAt >= lengthMs) {
        await Promise.all(instances.map((instance) => instance.restart()));
        isBack = true;
      }
      const [end] = await service.sendMany(1, { at: `/${service.clock.now()}` });
      if (end === 200) seenAfterMs ??= service.clock.now() - openedAt;
      ends.push(end!);
      service.clock.advance(99);
    }
    return { service, firstEnds, ends, seenAfterMs: seenAfterMs!, closedAfterMs: service.clock.now() - openedAt };
  }

  test('after 4 s: seen again at 5 s, closed within 10 s of the return', async () => {
    const { service, firstEnds, ends, seenAfterMs, closedAfterMs } = await outage(4000);
    expect(new Set(firstEnds)).toEqual(new Set(['UPSTREAM_UNREACHABLE']));
    expect(new Set(ends)).toEqual(new Set(['CIRCUIT_OPEN', 200]));
    expect(Math.round(seenAfterMs / 100)).toBe(50);
    expect(closedAfterMs - 4000).toBeLessThan(10_000);
    // No rush: of 500 calls in the first moment a tenth is let in, and after 5 s all are.
    const atOnce = await service.sendMany(500, { at: '/rush' });
    expect(share(atOnce.filter((end) => end === 200).length, 500)).toBeLessThan(0.2);
    service.clock.advance(5000);
    expect(new Set(await service.sendMany(50, { at: '/after' }))).toEqual(new Set([200]));
  });

  test('after 12 s: the probe at 5 s failed, so it is seen again at 15 s', async () => {
    const { service, ends, seenAfterMs } = await outage(12_000);
    expect(ends.filter((end) => end === 'UPSTREAM_UNREACHABLE')).toHaveLength(1);
    expect(Math.round(seenAfterMs / 100)).toBe(150);
    const waits = service.events.flatMap((event) =>
      event.kind === 'breaker-changed' && event.to === 'open' ? [event.waitMs] : [],
    );
    expect(waits).toEqual([5000, 10_000]);
  });
});

describe('F25 an instance that flaps is out for 10, 20, 30 s, with one event a transition and few errors', () => {
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
  test('up and down every 2 s for a minute: fewer than 1 % of the calls fail, and at most 12 transitions', async () => {
    const service = await startService(3, noBreaker);
    const ends: (number | string)[] = [];
    for (let second = 0; second < 60; second++) {
      if (second % 4 === 0) await service.instances[0]!.kill();
      if (second % 4 === 2) await service.instances[0]!.restart();
      ends.push(...(await service.sendMany(20)));
      service.clock.advance(980);
    }
    expect(share(ends.filter((end) => end !== 200).length, ends.length)).toBeLessThan(0.01);
    const lines = service.events.filter(({ kind }) => kind === 'instance-ejected' || kind === 'instance-returned');
    expect(lines.length).toBeGreaterThan(0);
    expect(lines.length).toBeLessThanOrEqual(12);
  });
});

describe('F26 one instance ten times as slow gets less than 5 % of the traffic', () => {
  test('by its latency', async () => {
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
  test('SIGSTOP: it takes connections and gives no answer, and most calls never meet it', async () => {
    const instances = await startInstanceProcesses(3);
    const service = callInstances(instances, { ...noBreaker, ...once });
    // One call each, so that every instance has an average.
    await service.sendMany(10);
    instances[0]!.stop();
    const calls: Promise<number | string>[] = [];
    for (let n = 0; n < 300; n++) {
      const before = attemptsAt(service, instances[0]!.name, 'attempt-started').length;
      const call = service.send({ path: `/stopped/${n}` }).then(
        ({ status: code }) => code,
        ({ code }: { code: string }) => code,
      );
      calls.push(call);
      const isHanging = attemptsAt(service, instances[0]!.name, 'attempt-started').length > before;
      if (!isHanging) await call;
      service.clock.advance(1);
    }
    const hanging = attemptsAt(service, instances[0]!.name, 'attempt-started').length;
    expect(share(hanging, 310)).toBeLessThan(0.05);
    service.clock.advance(5000);
    const ends = await Promise.all(calls);
    expect(new Set(ends.filter((end) => end !== 200))).toEqual(new Set(['UPSTREAM_TIMEOUT']));
    expect(ends.filter((end) => end !== 200).length).toBeLessThanOrEqual(hanging);
  });
});

describe('F27 two of three dead: at most half is out, and the third answers', () => {
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

  test('SIGKILL of two while calls are made: every call is answered by the third', async () => {
    const instances = await startInstanceProcesses(3);
    const service = callInstances(instances, {
      ...noBreaker,
      retry: { budget: { ratio: 9, windowMs: 10_000, floorPerSecond: 9 } },
    });
    const sent = service.sendMany(150);
    await untilEvents(service, 'attempt-ended', 50);
    await Promise.all([instances[0]!.kill(), instances[1]!.kill()]);
    expect(new Set(await sent)).toEqual(new Set([200]));
    expect(service.events.filter(({ kind }) => kind === 'instance-ejected')).toHaveLength(1);
  });

  test('a set of one is used even when it is out', async () => {
    const service = await startService(1, { ...noBreaker, ...once });
    service.instances[0]!.answer = status(500);
    expect(await service.sendMany(20)).toEqual(Array.from({ length: 20 }, () => 500));
  });
});
