/** Answers of a raw server: bytes as they are written here, or none. */
import type { FakeClock } from '../upstream/fake-clock.ts';
import type { Answer } from '../upstream/raw-server.ts';

export const write =
  (bytes: string | Buffer): Answer =>
  ({ socket }) =>
    socket.write(bytes);

/** The bytes, and then the end of the connection. */
export const end =
  (bytes: string | Buffer): Answer =>
  ({ socket }) =>
    socket.end(bytes);

export const silent: Answer = () => {};

/** What is under way between sockets of this process has arrived, and what follows from it has happened. */
export const settle = async (turns = 20): Promise<void> => {
  for (let turn = 0; turn < turns; turn++) await new Promise((resolve) => setImmediate(resolve));
};

/** Moves the clock from timer to timer until the work has ended. */
export async function runOut<Value>(clock: FakeClock, work: Promise<Value>): Promise<Value> {
  let isOver = false;
  const over = () => (isOver = true);
  work.then(over, over);
  for (;;) {
    await settle();
    if (isOver) return work;
    clock.advance(clock.pending[0] ?? 0);
  }
}
