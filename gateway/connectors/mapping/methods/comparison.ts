/** Methods that compare: eq, ne, gt, gte, lt, lte. */
import type { Method, MethodCall } from '../method.ts';
import { deepEquals, isNumber, typeName, type Maybe } from '../value.ts';
import { compareBytes } from '../utf8.ts';

const equality =
  (isWanted: boolean): Method =>
  (call) => {
    if (!call.takesArguments(1)) return undefined;
    const other = call.argument(0);
    return other === undefined ? undefined : deepEquals(call.input, other) === isWanted;
  };

export const eq = equality(true);
export const ne = equality(false);

/** Two numbers by value, two strings by byte order; anything else is a problem. */
function compare(call: MethodCall, other: Maybe): number | undefined {
  const { input } = call;
  if (isNumber(input) && isNumber(other)) return input < other ? -1 : input > other ? 1 : 0;
  if (typeof input === 'string' && typeof other === 'string') return compareBytes(input, other);
  return call.problem(
    'METHOD_INPUT',
    `compares two numbers or two strings, got ${typeName(input)} and ${typeName(other)}`,
  );
}

const order =
  (holds: (sign: number) => boolean): Method =>
  (call) => {
    if (!call.takesArguments(1)) return undefined;
    const other = call.argument(0);
    if (other === undefined) return undefined;
    const sign = compare(call, other);
    return sign === undefined ? undefined : holds(sign);
  };

export const gt = order((sign) => sign > 0);
export const gte = order((sign) => sign >= 0);
export const lt = order((sign) => sign < 0);
export const lte = order((sign) => sign <= 0);
