/**
 * A response that counts as a success, before the selection. Several places of an operation may share it and want other
 * fields of it, so it is mapped when it is looked at, once for each set of fields.
 */
import type { Maybe, Value } from '../mapping/value.ts';
import type { DebugCall } from '../debug/debug-log.ts';
import type { Outcome } from './failure.ts';
import type { Selection } from './selections.ts';
import type { FaultTree } from './strict.ts';

export type CallVariables = Record<string, Maybe>;

/** What a selection made of an answer. */
export interface Mapped {
  readonly value: Maybe;
  /** In strict mode, what went wrong where. */
  readonly faults?: FaultTree | undefined;
}

/** Something that was loaded and can be mapped. */
export interface Loaded {
  select(selection: Selection): Outcome<Mapped>;
}

/** Applies a selection to an answer. */
export type ApplySelection = (answer: Answer, selection: Selection) => Mapped;

export class Answer implements Loaded {
  readonly body: Value;
  readonly status: number;
  readonly variables: CallVariables;
  /** Of a request that asks for debug data. */
  readonly debug: DebugCall | undefined;
  readonly #apply: ApplySelection;
  readonly #mapped = new Map<Selection, Outcome<Mapped>>();

  constructor(body: Value, status: number, variables: CallVariables, apply: ApplySelection, debug?: DebugCall) {
    this.body = body;
    this.status = status;
    this.variables = variables;
    this.#apply = apply;
    this.debug = debug;
  }

  select(selection: Selection): Outcome<Mapped> {
    let mapped = this.#mapped.get(selection);
    if (!mapped) this.#mapped.set(selection, (mapped = { kind: 'value', value: this.#apply(this, selection) }));
    return mapped;
  }
}
