/**
 * JSON bodies that came before: equal bytes give the value that was made of them then, so what seldom changes is read once.
 * A body is kept when it comes for the second time, since most come once. Values are given to many, so nobody may change
 * them. That bytes are equal says everything: who gets a value has just been sent its bytes.
 */
import type { UpstreamBody } from './upstream-call.ts';

interface KnownAnswersLimits {
  /** Of all bodies together, as they came; what is made of them takes some times as much. */
  readonly bytes: number;
  readonly entryBytes: number;
}

const DEFAULT_LIMITS: KnownAnswersLimits = { bytes: 4 * 1024 * 1024, entryBytes: 1024 * 1024 };

/** Marks of bodies that came once. */
const SEEN_LIMIT = 4_096;

/** Bytes of a body that its mark is made of. */
const SAMPLES = 64;

interface Kept {
  readonly bytes: Buffer;
  readonly body: UpstreamBody;
}

interface ReadAnswer {
  readonly body: UpstreamBody;
  /** Others hold the same. */
  readonly isShared: boolean;
}

export class KnownAnswers {
  readonly #limits: KnownAnswersLimits;
  readonly #kept = new Map<number, Kept>();
  readonly #seen = new Set<number>();
  #bytes = 0;

  constructor(limits: KnownAnswersLimits = DEFAULT_LIMITS) {
    this.#limits = limits;
  }

  /** `read` makes the body of the bytes; it may throw. `variant` tells apart ways of reading. */
  read(bytes: Buffer, variant: number, read: () => UpstreamBody): ReadAnswer {
    if (bytes.length > this.#limits.entryBytes) return { body: read(), isShared: false };
    const mark = markOf(bytes, variant);
    const kept = this.#kept.get(mark);
    if (kept?.bytes.equals(bytes) === true) {
      this.#kept.delete(mark);
      this.#kept.set(mark, kept);
      return { body: kept.body, isShared: true };
    }
    const body = read();
    if (kept !== undefined) this.#drop(mark, kept);
    if (!this.#seen.delete(mark)) {
      this.#note(mark);
      return { body, isShared: false };
    }
    // A copy: what was received lies in a larger piece of memory.
    this.#keep(mark, { bytes: Buffer.from(bytes), body });
    return { body, isShared: true };
  }

  #note(mark: number): void {
    this.#seen.add(mark);
    if (this.#seen.size > SEEN_LIMIT) this.#seen.delete(this.#seen.values().next().value!);
  }

  #keep(mark: number, kept: Kept): void {
    this.#kept.set(mark, kept);
    this.#bytes += kept.bytes.length;
    for (const [oldest, { bytes }] of this.#kept) {
      if (this.#bytes <= this.#limits.bytes) break;
      this.#kept.delete(oldest);
      this.#bytes -= bytes.length;
    }
  }

  #drop(mark: number, { bytes }: Kept): void {
    this.#kept.delete(mark);
    this.#bytes -= bytes.length;
  }
}

/** Equal for equal bytes, and mostly different for others; a safe integer. */
function markOf(bytes: Buffer, variant: number): number {
  const { length } = bytes;
  let mixed = variant | 0;
  const step = length / SAMPLES;
  if (step <= 1) for (let at = 0; at < length; at++) mixed = Math.imul(mixed ^ bytes[at]!, 0x01000193);
  else {
    for (let sample = 0; sample < SAMPLES; sample++) {
      mixed = Math.imul(mixed ^ bytes[Math.floor(sample * step)]!, 0x01000193);
    }
  }
  return (mixed >>> 0) + (length % 0x100000) * 0x100000000;
}
