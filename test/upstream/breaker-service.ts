/** A service for tests of the breaker: it answers as its `answer` says at the moment, at first that it is busy. */
import { once, startHarness, type Harness } from './harness.ts';
import { httpAnswer, type Answer } from './raw-server.ts';

export const ok: Answer = ({ socket }) => socket.write(httpAnswer('{"ok":true}'));
export const busy: Answer = ({ socket }) => socket.write(httpAnswer('{}', { status: '503 Service Unavailable' }));

export async function startService(settings = once) {
  const service: { answer: Answer } = { answer: busy };
  const harness = await startHarness((request, n) => service.answer(request, n), settings);
  return { service, ...harness };
}

/** Sends as many failing calls as open the breaker. */
export async function open({ send }: Pick<Harness, 'send'>): Promise<void> {
  for (let n = 0; n < 20; n++) await send({ path: `/books/${n}` });
}

export const transitions = ({ events }: Pick<Harness, 'events'>): string[] =>
  events.flatMap((event) => (event.kind === 'breaker-changed' ? [`${event.from} > ${event.to}`] : []));
