/** Rules for the headers of connectors' requests, spelled as in Apollo Router (connectors.md 9.4). */
import { z } from 'zod';
import { isOwnHeader, isReservedHeader } from '../upstream/reserved-headers.ts';
import { group, headerName, list, text } from './values.ts';

/** As the connectors read them; names in lower case. */
export type HeaderRule =
  | { readonly kind: 'propagate'; readonly named: string; readonly rename?: string; readonly default?: string }
  | { readonly kind: 'propagate-matching'; readonly matching: string }
  | { readonly kind: 'insert'; readonly name: string; readonly value: string }
  | { readonly kind: 'insert-from-context'; readonly name: string; readonly key: string }
  | { readonly kind: 'remove'; readonly named: string }
  | { readonly kind: 'remove-matching'; readonly matching: string };

const headerValue = () => {
  const error = 'a text without control characters';
  // eslint-disable-next-line no-control-regex -- they are what is refused
  return text(error).refine((value) => !/[\u0000-\u0008\u000a-\u001f\u007f]/.test(value), { error });
};

const pattern = () => {
  const error = 'a regular expression such as "^x-.*"';
  return text(error)
    .refine((value) => isPattern(value), { error })
    .meta({ title: 'regular expression' });
};

function isPattern(value: string): boolean {
  try {
    return new RegExp(value.replace(/^\(\?i\)/, '')) instanceof RegExp;
  } catch {
    return false;
  }
}

const settable = () =>
  headerName().refine((name) => !isReservedHeader(name), {
    error: 'a header that is not left to the connection, as "connection" and "content-length" are',
  });

const countOf = (...values: readonly unknown[]): number => values.filter((value) => value !== undefined).length;

const propagate = group({
  named: headerName().optional(),
  matching: pattern().optional(),
  rename: headerName().optional(),
  default: headerValue().optional(),
})
  .refine(({ named, matching }) => countOf(named, matching) === 1, { error: '"named" or "matching", one of them' })
  .refine(({ matching, rename, default: byDefault }) => matching === undefined || countOf(rename, byDefault) === 0, {
    error: '"rename" and "default" beside "named" only',
  })
  .refine(({ named, rename = named ?? '' }) => !isReservedHeader(rename) && !isOwnHeader(rename), {
    error:
      'a header that a client may choose, which "content-type", "accept", "host" and those of the connection are not',
  });

const insert = group({
  name: settable(),
  value: headerValue().optional(),
  from_context: text().optional(),
}).refine(({ value, from_context }) => countOf(value, from_context) === 1, {
  error: '"value" or "from_context", one of them',
});

const remove = group({ named: headerName().optional(), matching: pattern().optional() }).refine(
  ({ named, matching }) => countOf(named, matching) === 1,
  { error: '"named" or "matching", one of them' },
);

const rule = group({ propagate: propagate.optional(), insert: insert.optional(), remove: remove.optional() })
  .refine((one) => countOf(one.propagate, one.insert, one.remove) === 1, {
    error: '"propagate", "insert" or "remove", one of them',
  })
  .transform(readRule);

interface WrittenRule {
  readonly propagate?: z.output<typeof propagate> | undefined;
  readonly insert?: z.output<typeof insert> | undefined;
  readonly remove?: z.output<typeof remove> | undefined;
}

/** Of a rule that has one of each pair. */
function readRule(written: WrittenRule): HeaderRule {
  if (written.propagate) {
    const { named = '', matching, rename, default: byDefault } = written.propagate;
    if (matching !== undefined) return { kind: 'propagate-matching', matching };
    return {
      kind: 'propagate',
      named,
      ...(rename === undefined ? {} : { rename }),
      ...(byDefault === undefined ? {} : { default: byDefault }),
    };
  }
  if (written.insert) {
    const { name, value = '', from_context: key } = written.insert;
    return key === undefined ? { kind: 'insert', name, value } : { kind: 'insert-from-context', name, key };
  }
  const { named = '', matching } = written.remove ?? {};
  return matching === undefined ? { kind: 'remove', named } : { kind: 'remove-matching', matching };
}

const rules = () =>
  group({
    request: list(rule, 'a list of rules')
      .prefault([])
      .describe('In this order: propagate, insert, remove; see the reference of connectors'),
  });

/** `headers` of the settings file. */
export const headersSchema = group({
  connector: group({
    all: rules().prefault({}).describe('For every connector'),
    sources: z
      .record(z.string(), rules(), { error: 'a group with one entry a source' })
      .prefault({})
      .describe('For the connectors of a source, by "<service>.<source>"; after those for all'),
  })
    .prefault({})
    .describe('Requests of connectors'),
});
