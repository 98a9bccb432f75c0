/**
 * Parts of a pipeline that outlive a change of settings (upstream.md, section 2): a part is kept as long as what it was made
 * of stays the same, so that a reload resets no breaker, average or pool that it does not concern.
 */
export interface KeptPart {
  /** Of what it was made. */
  readonly key: string;
  readonly part: unknown;
}

export class KeptParts {
  /** By name; the next pipeline starts from them. */
  readonly made = new Map<string, KeptPart>();
  readonly #before: ReadonlyMap<string, KeptPart>;

  /** `before` are the parts of the pipeline that this one takes the place of. */
  constructor(before: ReadonlyMap<string, KeptPart> = new Map()) {
    this.#before = before;
  }

  /** The part made of equal inputs before, or a new one. Inputs are plain data. */
  keep<Part>(name: string, inputs: unknown, make: () => Part): Part {
    const key = JSON.stringify(inputs);
    const known = this.made.get(name) ?? this.#before.get(name);
    const entry = known?.key === key ? known : { key, part: make() };
    this.made.set(name, entry);
    return entry.part as Part;
  }
}
