/**
 * A response that counts as a success, before the selection. Several places of an operation may share it and want other
 * fields of it, so it is mapped when it is looked at, once for each set of fields.
 */
import type { Maybe, Value } from '../mapping/value.ts';
import type { Outcome } from './failure.ts';
import type { Selection } from './selections.ts';

export type CallVariables = Record<string, Maybe>;

/** What a selection made of an answer. */
export interface Mapped {
  readonly value: Maybe;
}

/** Something that was loaded and can be mapped. */
export interface Loaded {
  select(selection: Selection): Outcome<Mapped>;
}

export class Answer implements Loaded {
  readonly body: Value;
  readonly status: number;
  readonly variables: CallVariables;
  readonly #mapped = new Map<Selection, Outcome<Mapped>>();

  constructor(body: Value, status: number, variables: CallVariables) {
    this.body = body;
    this.status = status;
    this.variables = variables;
  }

  select(selection: Selection): Outcome<Mapped> {
    let mapped = this.#mapped.get(selection);
    if (!mapped) {
      const { value } = selection.evaluate(this.body, this.variables);
      this.#mapped.set(selection, (mapped = { kind: 'value', value: { value } }));
    }
    return mapped;
  }
}
