/**
 * What requests are answered with, and how it is replaced at once: a request keeps what it began with to its end, the next one
 * gets the new, and the old is put away when its last request is over.
 */
export interface Serving<Value> {
  readonly current: Value;
  /** For one request; `leave` once it is answered. */
  enter(): { readonly value: Value; readonly leave: () => void };
  /** From now on requests get the new one. */
  swap(next: Value): void;
  /** Puts away all that is still held. */
  close(): Promise<void>;
}

interface Held<Value> {
  readonly value: Value;
  users: number;
  isOld: boolean;
}

/** `putAway` ends a value that nobody uses any more. */
export function createServing<Value>(first: Value, putAway: (value: Value) => Promise<void>): Serving<Value> {
  let current: Held<Value> = { value: first, users: 0, isOld: false };
  const all = new Set([current]);
  const ending = new Set<Promise<void>>();
  const end = (held: Held<Value>) => {
    if (!all.delete(held)) return;
    const ended = putAway(held.value).finally(() => ending.delete(ended));
    ending.add(ended);
  };
  return {
    get current() {
      return current.value;
    },
    enter() {
      const held = current;
      held.users++;
      return {
        value: held.value,
        leave() {
          held.users--;
          if (held.isOld && held.users === 0) end(held);
        },
      };
    },
    swap(next) {
      const old = current;
      current = { value: next, users: 0, isOld: false };
      all.add(current);
      old.isOld = true;
      if (old.users === 0) end(old);
    },
    async close() {
      for (const held of [...all]) end(held);
      await Promise.all(ending);
    },
  };
}
