import { describe, expect, it } from 'vitest';
import { createDrain } from '../../gateway/server/drain.ts';

/** A clock that only moves when somebody waits; `during` may send requests while time passes. */
function createClock(during: (now: number) => void = () => {}) {
  let now = 0;
  return {
    now: () => now,
    wait: async (ms: number) => {
      for (let step = 0; step < ms; step += 10) {
        now += 10;
        during(now);
      }
    },
  };
}

describe('createDrain', () => {
  it('begins at once and ends after a quiet while', async () => {
    const clock = createClock();
    const drain = createDrain({ quietMs: 100, maxMs: 2_000, ...clock });
    const done = drain.begin();
    expect(drain.isDraining()).toBe(true);
    await done;
    expect(clock.now()).toBe(100);
  });

  it('waits for requests that still come', async () => {
    const clock = createClock((now) => {
      if (now <= 250) drain.noteRequest();
    });
    const drain = createDrain({ quietMs: 100, maxMs: 2_000, ...clock });
    await drain.begin();
    expect(clock.now()).toBe(350);
  });

  it('ends even when requests never stop coming', async () => {
    const clock = createClock(() => drain.noteRequest());
    const drain = createDrain({ quietMs: 100, maxMs: 2_000, ...clock });
    await drain.begin();
    expect(clock.now()).toBe(2_000);
  });
});
