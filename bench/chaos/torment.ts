/** What is done to the services, one thing after the other, as a seed says: kills, stops, slow and corrupt connections. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { RandomSource } from 'tributary-gateway/upstream';
import { serviceNames } from '../../subgraphs/start-bookshop.ts';
import type { Fault } from '../../test/faults/fault-proxy.ts';
import type { ChaosService, ChaosShop } from './shop.ts';

interface Torment {
  readonly name: string;
  begin(service: ChaosService): Promise<void> | void;
  end(service: ChaosService): Promise<void> | void;
}

const byProxy = (name: string, ...faults: readonly Fault[]): Torment => ({
  name,
  begin: ({ proxy }) => proxy.use(faults),
  end: ({ proxy }) => {
    proxy.use([]);
    // What a fault has swallowed stays swallowed; a network that is well again does not keep such connections.
    proxy.endAll('reset');
  },
});

const torments = (random: RandomSource): readonly Torment[] => [
  { name: 'killed', begin: (service) => service.kill(), end: (service) => service.restart() },
  {
    name: 'stopped',
    begin: (service) => service.signal('SIGSTOP'),
    end: (service) => service.signal('SIGCONT'),
  },
  byProxy('slow', { kind: 'delay', ms: 300, jitterMs: 3000 }),
  byProxy('slow to hear', { kind: 'delay', ms: 300, jitterMs: 1000, direction: 'request' }),
  byProxy('at 500 bytes a second', { kind: 'rate', bytesPerSecond: 500 }),
  byProxy('reset inside answers', { kind: 'reset', afterBytes: Math.floor(random() * 2000) }),
  byProxy('cut before answers', { kind: 'cut' }),
  byProxy('cut inside requests', { kind: 'cut', direction: 'request', afterBytes: Math.floor(random() * 400) }),
  byProxy('a black hole', { kind: 'black-hole', afterBytes: Math.floor(random() * 1000) }),
  // The whole answer: a single bit may turn one valid text into another, which nobody could notice.
  byProxy('corrupted', { kind: 'flip', bytes: Number.POSITIVE_INFINITY }),
];

export interface TormentOptions {
  readonly shop: ChaosShop;
  readonly random: RandomSource;
  readonly endsAt: number;
  readonly onChange: (line: string) => void;
}

/** Torments until the time is over, then lets every service go. Gives how often each thing was done. */
export async function torment({
  shop,
  random,
  endsAt,
  onChange,
}: TormentOptions): Promise<ReadonlyMap<string, number>> {
  const done = new Map<string, number>();
  const busy = new Set<ChaosService>();
  const pick = <Value>(values: readonly Value[]): Value => values[Math.floor(random() * values.length)]!;

  /** Each once before any comes again. */
  let deck: Torment[] = [];
  const draw = (): Torment => {
    if (deck.length === 0) deck = [...torments(random)];
    return deck.splice(Math.floor(random() * deck.length), 1)[0]!;
  };

  const lane = async () => {
    while (performance.now() < endsAt) {
      const service = pick(serviceNames.map((name) => shop.services[name]).filter((each) => !busy.has(each)));
      const what = draw();
      const forMs = 1000 + random() * 3000;
      const pauseMs = random() * 1500;
      busy.add(service);
      onChange(`${service.name} is ${what.name} for ${(forMs / 1000).toFixed(1)} s`);
      done.set(what.name, (done.get(what.name) ?? 0) + 1);
      await what.begin(service);
      await sleep(Math.min(forMs, Math.max(0, endsAt - performance.now())));
      await what.end(service);
      busy.delete(service);
      await sleep(pauseMs);
    }
  };
  // Two at a time: with more there would be little left to see.
  await Promise.all([lane(), lane()]);
  return done;
}
