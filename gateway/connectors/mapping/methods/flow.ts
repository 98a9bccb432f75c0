/** Methods that choose, bind or pass on: echo, map, match, as. */
import type { MethodCall } from '../method.ts';
import { deepEquals, type Maybe } from '../value.ts';

export function echo(call: MethodCall): Maybe {
  return call.takesArguments(1) ? call.argument(0) : undefined;
}

export function map(call: MethodCall): Maybe {
  const { input, args } = call;
  if (!call.takesArguments(1)) return undefined;
  const { evaluate } = args![0]!;
  if (Array.isArray(input)) return call.evaluateEach(evaluate, input);
  const value = call.evaluate(evaluate);
  return value === undefined ? undefined : [value];
}

/** The value of the first pair whose candidate equals the input; what is not a pair of two is skipped. */
export function match(call: MethodCall): Maybe {
  for (const { pair } of call.args ?? []) {
    if (pair && deepEquals(call.evaluate(pair[0]), call.input)) return call.evaluate(pair[1]);
  }
  return call.problem('MATCH_NONE', 'has no [candidate, value] pair for the input');
}

/** Binds a name for the rest of the path and passes the input on. */
export function as(call: MethodCall): Maybe {
  const [first, second] = call.args ?? [];
  if (first?.variable === undefined || call.args!.length > 2) {
    call.problem('METHOD_ARGUMENT', 'takes a bare $name, and a value if it is not the input');
    return call.input;
  }
  const value = second ? call.evaluate(second.evaluate) : call.input;
  if (value !== undefined) call.bind(first.variable, value);
  return call.input;
}
