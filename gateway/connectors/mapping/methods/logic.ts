/** Methods on booleans: and, or, not. */
import type { Method, MethodCall } from '../method.ts';
import { typeName, type Maybe } from '../value.ts';

/** Left to right, until the result is settled. An argument that is no boolean is skipped with a problem. */
const fold =
  (settled: boolean): Method =>
  (call) => {
    const { input, args } = call;
    if (!args || args.length === 0) return call.problem('METHOD_ARGUMENT', 'needs an argument');
    if (typeof input !== 'boolean') return call.problem('METHOD_INPUT', `needs true or false, got ${typeName(input)}`);
    let result = input;
    for (const { evaluate } of args) {
      if (result === settled) return result;
      const value = call.evaluate(evaluate);
      if (value === undefined) return undefined;
      if (typeof value === 'boolean') result = value;
      else call.problem('METHOD_ARGUMENT', `needs true or false, got ${typeName(value)}`);
    }
    return result;
  };

export const and = fold(false);
export const or = fold(true);

export function not(call: MethodCall): Maybe {
  if (!call.takesNoArguments()) return undefined;
  if (typeof call.input === 'boolean') return !call.input;
  return call.problem('METHOD_INPUT', `needs true or false, got ${typeName(call.input)}`);
}
