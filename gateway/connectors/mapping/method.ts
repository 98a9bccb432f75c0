/** What a method of the mapping language is: one function of a call (connectors.md 8.4 rule 6, 8.6). */
import type { Span } from './ast.ts';
import type { Binding, Evaluate, Frame } from './frame.ts';
import type { InputPath, ProblemCode } from './problem.ts';
import type { Maybe, Value } from './value.ts';

export interface Argument {
  readonly evaluate: Evaluate;
  /** The value, when the argument is a literal: it need not be evaluated. */
  readonly literal?: null | boolean | number | bigint | string;
  /** The two elements, when the argument is an array literal of two. */
  readonly pair?: readonly [Evaluate, Evaluate];
  /** The name, when the argument is a bare `$name`. */
  readonly variable?: string;
}

/** One call: the input, the unevaluated arguments, and where problems go. */
export class MethodCall {
  readonly input: Value;
  readonly name: string;
  /** Undefined: called without parentheses. */
  readonly args: readonly Argument[] | undefined;
  bindings: Binding | undefined;
  readonly #frame: Frame;
  readonly #path: InputPath;
  readonly #span: Span;

  /** One by one: an object of them would be made for each item of a list. */
  constructor(
    input: Value,
    name: string,
    args: readonly Argument[] | undefined,
    bindings: Binding | undefined,
    frame: Frame,
    path: InputPath,
    span: Span,
  ) {
    this.input = input;
    this.name = name;
    this.args = args;
    this.bindings = bindings;
    this.#frame = frame;
    this.#path = path;
    this.#span = span;
  }

  /** The value of an expression with `@` = the input, or = an element of it under `index`. */
  evaluate(evaluate: Evaluate, current: Value = this.input, index?: number): Maybe {
    const { run, scope, scopePath } = this.#frame;
    const currentPath = index === undefined ? this.#path : { parent: this.#path, key: index };
    return evaluate({ run, scope, scopePath, current, currentPath, bindings: this.bindings });
  }

  /** The value of an argument, missing when it was not given. */
  argument(index: number): Maybe {
    const argument = this.args?.[index];
    if (argument?.literal !== undefined) return argument.literal;
    return argument && this.evaluate(argument.evaluate);
  }

  /** The values of an expression for each element of a list, null where there is none; they are the elements of the output. */
  evaluateEach(evaluate: Evaluate, items: readonly Value[]): Value[] {
    const { run, scope, scopePath } = this.#frame;
    const currentPath: InputPath = { parent: this.#path, key: 0 };
    const frame: Frame = { run, scope, scopePath, current: null, currentPath, bindings: this.bindings };
    return items.map((item, index) => {
      currentPath.key = index;
      frame.current = item;
      run.output?.push(index);
      const value = evaluate(frame) ?? null;
      run.output?.pop();
      return value;
    });
  }

  problem(code: ProblemCode, message: string, index?: number): undefined {
    const path = index === undefined ? this.#path : { parent: this.#path, key: index };
    return this.#frame.run.report(code, `Method ->${this.name} ${message}`, path, this.#span);
  }

  /** Whether the method was rightly called without parentheses; `()` counts as given. */
  takesNoArguments(): boolean {
    if (this.args === undefined) return true;
    this.problem('METHOD_ARGUMENT', 'takes no arguments');
    return false;
  }

  /** Whether exactly `count` arguments were given. */
  takesArguments(count: number): boolean {
    if (this.args?.length === count) return true;
    const expected = count === 1 ? 'one argument' : `${count} arguments`;
    this.problem('METHOD_ARGUMENT', `takes ${expected}, got ${this.args?.length ?? 'none'}`);
    return false;
  }

  /** Binds `$name` for the rest of the path. */
  bind(name: string, value: Value): void {
    this.bindings = { name, value, next: this.bindings };
  }
}

export type Method = (call: MethodCall) => Maybe;
