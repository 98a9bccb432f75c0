/** All methods by their name in a mapping (connectors.md 8.6). They are the same in every version of the language. */
import type { Method } from '../method.ts';
import { add, div, mod, mul, parseInteger, sub } from './arithmetic.ts';
import { eq, gt, gte, lt, lte, ne } from './comparison.ts';
import { as, echo, map, match } from './flow.ts';
import { contains, filter, find, first, get, isIn, last, slice } from './list.ts';
import { and, not, or } from './logic.ts';
import { entries, keysToCamelCase, keysToCamelCaseDeep, size } from './object.ts';
import { joinNotNull, jsonParse, jsonStringify, split, toText, trim, trimEnd, trimStart } from './text.ts';

export const methods: ReadonlyMap<string, Method> = new Map<string, Method>([
  ...Object.entries({ add, and, as, contains, div, echo, entries, eq, filter, find, first, get, gt, gte, in: isIn }),
  ...Object.entries({ joinNotNull, jsonParse, jsonStringify, keysToCamelCase, keysToCamelCaseDeep, last, lt, lte }),
  ...Object.entries({ map, match, mod, mul, ne, not, or, parseInt: parseInteger, size, slice, split, sub }),
  ...Object.entries({ toString: toText, trim, trimEnd, trimStart }),
]);
