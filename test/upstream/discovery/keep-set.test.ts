// The promises of every source (upstream.md, section 13; F30 to F33), on a clock that stands still.
import fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Instance } from '../../../gateway/upstream/discovery/discovery.ts';
import type { DiscoveryEvent } from '../../../gateway/upstream/discovery/events.ts';
import { keepSet, type Session } from '../../../gateway/upstream/discovery/keep-set.ts';
import { FakeClock } from '../fake-clock.ts';

/** A source that does nothing by itself: the test speaks for the registry. */
function startKept({ remembered }: { remembered?: readonly Instance[] } = {}) {
  const clock = new FakeClock();
  const sets: (readonly Instance[])[] = [];
  const events: DiscoveryEvent[] = [];
  const sessions: Session[] = [];
  let lose: (error: Error) => void = () => {};
  let notify = () => {};
  const kept = keepSet({
    service: 'catalog',
    source: {
      type: 'fake',
      run: (session) =>
        new Promise((_resolve, reject) => {
          lose = reject;
          session.signal.addEventListener('abort', () => reject(session.signal.reason as Error));
          sessions.push(session);
          notify();
        }),
    },
    settings: { emptyHoldMs: 5_000, backoff: { baseMs: 250, maxMs: 30_000 } },
    remembered,
    onSet: (instances) => void sets.push(instances),
    clock,
    random: () => 1,
    emit: (event) => void events.push(event),
  });
  onTestFinished(() => kept.stop());
  return {
    clock,
    sets,
    events,
    kept,
    sessions,
    registry: () => sessions.at(-1)!,
    addresses: () => sets.at(-1)?.map(({ addr, port }) => `${addr}:${port}`),
    /** Ends the session, and resolves when the wait for the next one has begun. */
    loseFor: async (waitMs: number, error = new Error('gone')) => {
      const scheduled = clock.untilScheduled(waitMs);
      lose(error);
      await scheduled;
    },
    reconnectAfter: async (waitMs: number) => {
      const begun = new Promise<void>((resolve) => (notify = resolve));
      clock.advance(waitMs);
      await begun;
    },
  };
}

const ready = (addr: string, port: number): Instance => ({ addr, port, weight: 1, state: 'ready' });

describe('keepSet', () => {
  test('hands on each set once, duplicates dropped, and not again in another order', () => {
    const { registry, sets } = startKept();
    registry().accept(['10.0.0.1:80', '10.0.0.2:80', '10.0.0.1:80']);
    registry().accept(['10.0.0.2:80', '10.0.0.1:80']);
    registry().accept(['10.0.0.2:80']);
    expect(sets).toEqual([[ready('10.0.0.1', 80), ready('10.0.0.2', 80)], [ready('10.0.0.2', 80)]]);
  });

  test('says nothing before the registry did, and an empty first set counts at once', () => {
    const { registry, sets, kept } = startKept();
    expect([sets, kept.status().isStale]).toEqual([[], true]);
    registry().accept([]);
    expect([sets, kept.status().isStale]).toEqual([[], false]);
  });

  test('an empty set counts after 5 s, not before', () => {
    const { registry, clock, addresses } = startKept();
    registry().accept(['10.0.0.1:80']);
    registry().accept([]);
    clock.advance(4_000);
    registry().accept([]);
    clock.advance(999);
    expect(addresses()).toEqual(['10.0.0.1:80']);
    clock.advance(1);
    expect(addresses()).toEqual([]);
  });

  test('a set that comes back within 5 s never was empty', () => {
    const { registry, clock, sets } = startKept();
    registry().accept(['10.0.0.1:80']);
    registry().accept([]);
    clock.advance(4_999);
    registry().accept(['10.0.0.1:80']);
    clock.advance(60_000);
    expect(sets).toHaveLength(1);
  });

  test('an empty set does not count when the registry is lost before 5 s', async () => {
    const { registry, clock, addresses, loseFor } = startKept();
    registry().accept(['10.0.0.1:80']);
    registry().accept([]);
    await loseFor(250);
    clock.advance(60_000);
    expect(addresses()).toEqual(['10.0.0.1:80']);
  });

  test('losing the registry removes nobody; the set is stale and grows old until the registry is back', async () => {
    const { registry, clock, addresses, kept, events, loseFor, reconnectAfter } = startKept();
    registry().accept(['10.0.0.1:80']);
    await loseFor(250, new Error('connection refused'));
    expect(addresses()).toEqual(['10.0.0.1:80']);
    await reconnectAfter(250);
    expect(kept.status()).toMatchObject({ isStale: true, reason: 'connection refused', ageMs: 250 });
    registry().confirm();
    expect(kept.status()).toMatchObject({ isStale: false, ageMs: 0 });
    clock.advance(7);
    expect(kept.status().ageMs).toBe(7);
    expect(events.map(({ kind }) => kind)).toEqual(['instances-changed', 'registry-lost', 'registry-found']);
  });

  test('reconnects after 0.25 s, twice as long each time, up to 30 s; one line for all of it', async () => {
    const { loseFor, reconnectAfter, events, registry } = startKept();
    for (const waitMs of [250, 500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]) {
      await loseFor(waitMs);
      await reconnectAfter(waitMs);
    }
    expect(events).toEqual([{ kind: 'registry-lost', service: 'catalog', type: 'fake', reason: 'gone', instances: 0 }]);
    registry().accept(['10.0.0.1:80']);
    await loseFor(250);
  });

  test('nothing but garbage is refused and the old set stays', () => {
    const { registry, addresses, events } = startKept();
    registry().accept(['10.0.0.1:80']);
    expect(() => registry().accept([null, 'no port', { addr: 'x', port: 70_000 }])).toThrow('no usable address');
    expect(addresses()).toEqual(['10.0.0.1:80']);
    expect(events.at(-1)).toMatchObject({ kind: 'instances-refused', refused: 3 });
  });

  test('one piece of garbage does not cost the others', () => {
    const { registry, addresses } = startKept();
    registry().accept(['10.0.0.1:80', { addr: '', port: 1 }, '10.0.0.2:80']);
    expect(addresses()).toEqual(['10.0.0.1:80', '10.0.0.2:80']);
  });

  test('starts from what was remembered, and an empty registry needs 5 s to take that away', () => {
    const { registry, clock, addresses, kept } = startKept({ remembered: [ready('10.0.0.9', 80)] });
    expect(addresses()).toEqual(['10.0.0.9:80']);
    expect(kept.status().isStale).toBe(true);
    registry().accept([]);
    expect(addresses()).toEqual(['10.0.0.9:80']);
    clock.advance(5_000);
    expect(addresses()).toEqual([]);
  });

  test('a session that is over cannot speak any more', async () => {
    const { sessions, registry, addresses, loseFor, reconnectAfter } = startKept();
    registry().accept(['10.0.0.1:80']);
    await loseFor(250);
    await reconnectAfter(250);
    expect(sessions).toHaveLength(2);
    expect(() => sessions[0]!.accept(['10.0.0.2:80'])).toThrow('aborted');
    expect(addresses()).toEqual(['10.0.0.1:80']);
  });

  test('stop ends the session and leaves no timer', async () => {
    const { registry, clock, kept } = startKept();
    registry().accept(['10.0.0.1:80']);
    registry().accept([]);
    await kept.stop();
    expect([registry().signal.aborted, clock.pending]).toEqual([true, []]);
  });

  test('10,000 instances are one set, and a second one that differs by one is another', () => {
    const { registry, sets } = startKept();
    const many = Array.from({ length: 10_000 }, (_, index) => ({
      addr: `10.0.${index >> 8}.${index & 255}`,
      port: 80,
    }));
    registry().accept(many);
    registry().accept([...many].reverse());
    registry().accept(many.slice(1));
    expect(sets.map(({ length }) => length)).toEqual([10_000, 9_999]);
  });

  test('whatever the registry says, the set never holds an address that cannot be called, nor one twice', () => {
    const anything = fc.oneof(
      fc.anything(),
      fc.webUrl(),
      fc.record({
        addr: fc.oneof(fc.ipV4(), fc.ipV6(), fc.domain(), fc.string()),
        port: fc.oneof(fc.integer(), fc.string()),
      }),
      fc.constantFrom('10.0.0.1:80', 'http://10.0.0.1:80', '[::1]:80', 'http://[::1]', 'https://a.example'),
    );
    fc.assert(
      fc.property(fc.array(anything), (candidates) => {
        const { registry, sets } = startKept();
        try {
          registry().accept(candidates);
        } catch {
          // Refused as a whole.
        }
        const names = (sets.at(-1) ?? []).map(({ addr, port }) =>
          addr.includes(':') ? `[${addr}]:${port}` : `${addr}:${port}`,
        );
        expect(new Set(names).size).toBe(names.length);
        for (const name of names) expect(URL.canParse(`http://${name}/`)).toBe(true);
      }),
    );
  });
});
