// Active checks (upstream.md, section 8): off by default; what is dead is found, what is back is used, and limits hold.
import { describe, expect, test } from 'vitest';
import { startService, status } from '../instances.ts';
import { turn } from './call.ts';

const everyMs = 5000;
// A timeout like no limit of the pipeline: a check is under way while there is such a timer.
const activeCheck = { path: '/health', everyMs, timeoutMs: 900 };

async function startChecked(count: number, ejection: object = {}) {
  const service = await startService(count, { ejection: { activeCheck, ...ejection }, retry: { retries: 0 } });
  const { clock, events, instances } = service;
  const asked: string[] = [];
  const called: string[] = [];
  const isHealthy = instances.map(() => true);
  for (const [n, one] of instances.entries()) {
    one.answer = (request, response) => {
      (request.url === '/health' ? asked : called).push(`${n}`);
      status(request.url !== '/health' || isHealthy[n] ? 200 : 503)(request, response);
    };
  }
  return {
    ...service,
    asked,
    called,
    isHealthy,
    /** One check of each instance, begun and ended; the clock stands still while one is under way. */
    checkAll: async () => {
      for (let leftMs = everyMs; leftMs > 0;) {
        const stepMs = Math.min(leftMs, clock.pending[0] ?? leftMs);
        clock.advance(stepMs);
        leftMs -= stepMs;
        while (clock.pending.includes(activeCheck.timeoutMs)) await turn();
      }
    },
    transitions: () =>
      events.flatMap((event) =>
        event.kind === 'instance-ejected' || event.kind === 'instance-returned'
          ? [
              `${event.kind.slice('instance-'.length)} ${instances.findIndex(({ instance }) => event.instance.endsWith(`:${instance.port}`))}`,
            ]
          : [],
      ),
    states: () => service.upstream.describe()[0]!.instances.map(({ state }) => state),
  };
}

describe('active checks', () => {
  test('off by default: nobody is asked, and no timer runs', async () => {
    const { clock, send, hits } = await startService(2);
    await send();
    clock.advance(60_000);
    await turn();
    expect(hits().reduce((sum, n) => sum + n)).toBe(1);
    expect(clock.pending).toEqual([]);
  });

  test('nobody is asked before the scheme of the service is known, and then all are', async () => {
    const { send, asked, clock, hits, checkAll } = await startChecked(3);
    clock.advance(4 * everyMs);
    await turn();
    expect(hits()).toEqual([0, 0, 0]);
    expect(asked).toEqual([]);
    await send();
    await checkAll();
    expect(asked.toSorted()).toEqual(['0', '1', '2']);
  });

  test('an idle instance that is dead is left out after 5 checks, and stays out as long as it is', async () => {
    const { send, instances, checkAll, transitions, states } = await startChecked(3);
    await send();
    await instances[1]!.kill();
    for (let n = 0; n < 4; n++) await checkAll();
    expect(transitions()).toEqual([]);
    await checkAll();
    expect(transitions()).toEqual(['ejected 1']);
    // 10 s later it would be back, if nobody looked.
    for (let n = 0; n < 6; n++) await checkAll();
    expect([transitions(), states()]).toEqual([['ejected 1'], ['ready', 'ejected', 'ready']]);
    await instances[1]!.restart();
    await checkAll();
    expect(transitions()).toEqual(['ejected 1', 'returned 1']);
  });

  test('an instance that calls have ejected is back with its first good check, before its time', async () => {
    const { send, sendMany, instances, checkAll, transitions } = await startChecked(2, { timeMs: 300_000 });
    await send();
    await instances[0]!.kill();
    await sendMany(40);
    expect(transitions()).toEqual(['ejected 0']);
    await checkAll();
    expect(transitions()).toEqual(['ejected 0']);
    await instances[0]!.restart();
    await checkAll();
    expect(transitions()).toEqual(['ejected 0', 'returned 0']);
  });

  test('a good check does not make up for failed calls', async () => {
    const { send, instances, checkAll, transitions, hits } = await startChecked(1, { failures: 3 });
    instances[0]!.answer = (request, response) => status(request.url === '/health' ? 200 : 500)(request, response);
    for (let n = 0; n < 3; n++) {
      expect(transitions()).toEqual([]);
      await send();
      if (n < 2) await checkAll();
    }
    expect([hits(), transitions()]).toEqual([[5], ['ejected 0']]);
  });

  test('with all of them dead at most half is out, and the others take the calls', async () => {
    const { send, isHealthy, checkAll, transitions, sendMany, called } = await startChecked(4);
    await send();
    isHealthy.fill(false);
    for (let n = 0; n < 12; n++) await checkAll();
    expect(transitions()).toHaveLength(2);
    called.length = 0;
    expect(new Set(await sendMany(100))).toEqual(new Set([200]));
    expect(new Set(called).size).toBe(2);
  });

  test('one that hangs is as dead as one that is gone', async () => {
    const { send, instances, clock, transitions } = await startChecked(2, { failures: 1 });
    await send();
    instances[0]!.answer = () => {};
    clock.advance(everyMs + activeCheck.timeoutMs);
    while (transitions().length === 0) await turn();
    expect(transitions()).toEqual(['ejected 0']);
  });

  test('an instance that has left is not asked any more; closed, nobody is, and no timer is left', async () => {
    const { send, asked, instances, setInstances, checkAll, clock, upstream } = await startChecked(2);
    await send();
    setInstances([instances[0]!.instance]);
    await checkAll();
    await checkAll();
    expect(new Set(asked)).toEqual(new Set(['0']));
    await upstream.close();
    expect(clock.pending).toEqual([]);
  });
});

test('a change of other settings goes on with the checks, one of theirs begins anew', async () => {
  const { send, asked, checkAll, upstream, discovery } = await startChecked(2);
  await send();
  for (const everyMsNow of [everyMs, everyMs, 2 * everyMs]) {
    upstream.reconfigure({
      settings: { ejection: { activeCheck: { ...activeCheck, everyMs: everyMsNow } }, retry: { retries: 1 } },
      discovery,
    });
    await send();
    asked.length = 0;
    await checkAll();
    await checkAll();
    expect(asked.length).toBe((2 * 2 * everyMs) / everyMsNow);
  }
});
