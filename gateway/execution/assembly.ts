/**
 * Puts the parts of an answer together only when somebody has to see them in their places: where every fetch gets what it got
 * before, nobody has to. Until then what is to be done waits, in its order.
 */
export class Assembly {
  #waiting: (() => void)[] | undefined = [];

  /** Runs the step once the answer is put together; at once, when it is already. */
  add(step: () => void): void {
    if (this.#waiting === undefined) step();
    else this.#waiting.push(step);
  }

  /** Runs all that waits; from now on nothing does. */
  assemble(): void {
    const waiting = this.#waiting ?? [];
    this.#waiting = undefined;
    for (const step of waiting) step();
  }
}
