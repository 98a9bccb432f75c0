// The states of a breaker (upstream.md, section 5), against a model that keeps every call instead of counting in slices.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Circuit, type CircuitTransition, type Pass } from '../../../gateway/upstream/policies/circuit.ts';
import { defaultUpstreamSettings } from '../../../gateway/upstream/settings.ts';
import { FakeClock } from '../fake-clock.ts';

const settings = defaultUpstreamSettings.breaker;
type Outcome = 'success' | 'failure' | 'neutral';
type Given = Extract<Pass, { kind: 'pass' }>;

function makeCircuit(overrides: Partial<typeof settings> = {}, random = () => 0.5) {
  const clock = new FakeClock();
  const transitions: CircuitTransition[] = [];
  const circuit = new Circuit({
    settings: { ...settings, ...overrides },
    slowMs: 4000,
    clock,
    random,
    onTransition: (transition) => transitions.push(transition),
  });
  const pass = (): Given => {
    const given = circuit.enter();
    if (given.kind !== 'pass') throw new Error('refused');
    return given;
  };
  const call = (outcome: Outcome, durationMs = 1) => circuit.leave(pass().generation, outcome, durationMs);
  const open = () => {
    while (circuit.position === 'closed') call('failure');
  };
  return { circuit, clock, transitions, pass, call, open };
}

/** What section 5 says, in the plainest way: a list of all that happened, and numbers for generations. */
class Model {
  kind: 'closed' | 'open' | 'half-open' = 'closed';
  generation = 0;
  counted: { at: number; isFailure: boolean }[] = [];
  rampFrom = Number.NEGATIVE_INFINITY;
  until = 0;
  waitMs = 0;
  isProbing = false;
  successes = 0;

  enter(now: number): 'call' | 'probe' | 'refused' {
    if (this.kind === 'open' && now >= this.until) {
      this.#enterState('half-open');
      this.isProbing = false;
      this.successes = 0;
    }
    if (this.kind === 'open') return 'refused';
    if (this.kind === 'closed') return this.#share(now) > 0.5 ? 'call' : 'refused';
    if (this.isProbing) return 'refused';
    this.isProbing = true;
    return 'probe';
  }

  leave(generation: number, outcome: Outcome, now: number): void {
    if (generation !== this.generation) return;
    if (this.kind === 'half-open') {
      this.isProbing = false;
      if (outcome === 'failure') this.#open(Math.min(60_000, this.waitMs * 2), now);
      else if (outcome === 'success' && ++this.successes === 3) {
        this.#enterState('closed');
        this.rampFrom = now;
      }
    } else if (this.kind === 'closed' && outcome !== 'neutral') {
      this.counted.push({ at: now, isFailure: outcome === 'failure' });
      const recent = this.counted.filter(({ at }) => Math.floor(at / 1000) > Math.floor(now / 1000) - 10);
      const failures = recent.filter(({ isFailure }) => isFailure).length;
      if (recent.length >= 20 && failures / recent.length >= 0.5) this.#open(5000, now);
    }
  }

  #share(now: number): number {
    return Math.min(1, 0.1 + (0.9 * (now - this.rampFrom)) / 5000);
  }

  #open(waitMs: number, now: number): void {
    this.#enterState('open');
    this.waitMs = waitMs;
    this.until = now + waitMs;
  }

  #enterState(kind: Model['kind']): void {
    this.kind = kind;
    this.generation++;
    this.counted = [];
  }
}

const action = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('enter' as const) }) },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('leave' as const),
      outcome: fc.constantFrom<Outcome>('failure', 'failure', 'success', 'neutral'),
      which: fc.nat(),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('wait' as const), ms: fc.constantFrom(7, 900, 5000, 12_000) }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('burst' as const),
      outcome: fc.constantFrom<Outcome>('failure', 'success'),
      calls: fc.integer({ min: 1, max: 45 }),
    }),
  },
);

test('any history: the circuit does what the model does, and always comes back by itself', () => {
  const seen = new Set<string>();
  fc.assert(
    fc.property(fc.array(action, { maxLength: 80, size: 'max' }), (actions) => {
      const { circuit, clock, transitions } = makeCircuit();
      const model = new Model();
      const inside: { given: Given; generation: number }[] = [];
      const enter = () => {
        const expected = model.enter(clock.now());
        const pass = circuit.enter();
        expect(pass.kind === 'refused' ? 'refused' : pass.isProbe ? 'probe' : 'call').toBe(expected);
        if (pass.kind === 'refused') expect(pass.retryAfterMs).toBeGreaterThan(0);
        else inside.push({ given: pass, generation: model.generation });
      };
      const leave = (index: number, outcome: Outcome) => {
        const [left] = inside.splice(index, 1);
        if (left === undefined) return;
        circuit.leave(left.given.generation, outcome, 1);
        model.leave(left.generation, outcome, clock.now());
      };
      for (const step of actions) {
        if (step.kind === 'enter') enter();
        else if (step.kind === 'leave') leave(step.which % Math.max(1, inside.length), step.outcome);
        else if (step.kind === 'wait') clock.advance(step.ms);
        else
          for (let n = 0; n < step.calls; n++) {
            enter();
            leave(inside.length - 1, step.outcome);
          }
        expect(circuit.position).toBe(model.kind);
      }
      for (const { from, to } of transitions) seen.add(`${from} > ${to}`);

      // Never sticks: whatever is still out may end in any way, and three good probes later it is closed.
      while (inside.length > 0) leave(0, 'neutral');
      for (let probe = 0; probe < 3 && circuit.position !== 'closed'; probe++) {
        clock.advance(60_000);
        enter();
        leave(0, 'success');
      }
      expect(circuit.position).toBe('closed');
    }),
    { numRuns: 300 },
  );
  expect([...seen].sort()).toEqual(['closed > open', 'half-open > closed', 'half-open > open', 'open > half-open']);
});

describe('when it opens', () => {
  test('19 failures are too few, the 20th opens', () => {
    const { circuit, call } = makeCircuit();
    for (let n = 0; n < 19; n++) call('failure');
    expect(circuit.position).toBe('closed');
    call('failure');
    expect(circuit.position).toBe('open');
  });

  test('calls older than the window do not count', () => {
    const { circuit, clock, call } = makeCircuit();
    for (let n = 0; n < 19; n++) call('failure');
    clock.advance(10_000);
    call('failure');
    expect(circuit.position).toBe('closed');
  });

  test('slow calls, once they are watched', () => {
    const watching = makeCircuit({ slowCalls: { enabled: true, rate: 0.8, time: 0.8 } });
    const plain = makeCircuit();
    for (let n = 0; n < 20; n++) for (const { call } of [watching, plain]) call('success', n < 4 ? 10 : 4001);
    expect([watching.circuit.position, plain.circuit.position]).toEqual(['open', 'closed']);
  });
});

describe('how it comes back', () => {
  test('the wait doubles after each failed probe, up to 60 s, with jitter that does not add up', () => {
    const { clock, transitions, open, call } = makeCircuit({}, () => 0.999_999);
    open();
    for (let n = 0; n < 6; n++) {
      clock.advance(66_000);
      call('failure');
    }
    const waits = transitions.flatMap(({ waitMs }) => (waitMs === undefined ? [] : [Math.round(waitMs)]));
    expect(waits).toEqual([5500, 11_000, 22_000, 44_000, 66_000, 66_000, 66_000]);
  });

  test('F17: of 1,000 callers at half-open, 1 is the probe; after 3 successes the ramp lets in 10 % rising to 100 %', () => {
    let seed = 1;
    const random = () => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647;
    const { circuit, clock, open, call } = makeCircuit({}, random);
    open();
    clock.advance(5500);
    const crowd = () => Array.from({ length: 1000 }, () => circuit.enter());
    const passes = crowd().filter((pass) => pass.kind === 'pass');
    expect(passes).toHaveLength(1);
    circuit.leave(passes[0]!.generation, 'success', 1);
    call('success');
    call('success');
    const shares = [0, 2500, 2500].map((ms) => {
      clock.advance(ms);
      return crowd().filter((pass) => pass.kind === 'pass').length / 1000;
    });
    expect(shares[0]).toBeCloseTo(0.1, 1);
    expect(shares[1]).toBeCloseTo(0.55, 1);
    expect(shares[2]).toBe(1);
  });

  test('a late result of an earlier generation changes nothing', () => {
    const { circuit, clock, pass, open, call } = makeCircuit();
    const late = pass();
    open();
    clock.advance(5000);
    call('success');
    circuit.leave(late.generation, 'failure', 1);
    expect(circuit.position).toBe('half-open');
  });

  test('F18: a neutral probe frees its place, and neither closes nor opens', () => {
    const { circuit, clock, open, call, pass } = makeCircuit();
    open();
    clock.advance(5000);
    for (let n = 0; n < 10; n++) call('neutral');
    expect(circuit.position).toBe('half-open');
    expect(pass().isProbe).toBe(true);
  });
});

test('forced: held until it is lifted, whatever the calls do', () => {
  const { circuit, clock, transitions, call } = makeCircuit();
  circuit.force('open');
  clock.advance(600_000);
  expect(circuit.enter()).toEqual({ kind: 'refused', retryAfterMs: 5000 });
  circuit.force('closed');
  for (let n = 0; n < 50; n++) call('failure');
  expect(circuit.position).toBe('closed');
  circuit.force(undefined);
  expect(transitions.map(({ to }) => to)).toEqual(['open', 'closed']);
});
