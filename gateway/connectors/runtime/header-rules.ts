/**
 * Applies the header rules of the settings to a request, in their order, after the headers of the schema (connectors.md 9.4):
 * what a rule sets takes the place of what was there. Each rule is prepared once.
 */
import { isOwnHeader, isReservedHeader } from '../../upstream/reserved-headers.ts';
import { stringifyJson } from '../mapping/value.ts';
import type { HeaderRule } from '../spec/header-rule.ts';
import type { ConnectorContext } from './connector-context.ts';
import { isHeaderText, toHeaderBytes, type RequestHeaders } from './headers.ts';

/** What the rules read of a client's request. */
export type HeaderContext = Pick<ConnectorContext, 'requestHeaders' | 'entries'>;

/** Changes the headers it is given. */
export type ApplyHeaderRules = (headers: RequestHeaders, context: HeaderContext) => void;

export function prepareHeaderRules(rules: readonly HeaderRule[]): ApplyHeaderRules {
  const steps = rules.map(prepareRule);
  return (headers, context) => {
    for (const step of steps) step(headers, context);
  };
}

/** Client headers that rules can send on by pattern. */
export function sendsOnByPattern(rules: readonly HeaderRule[]): (name: string) => boolean {
  const patterns = rules.flatMap((rule) => (rule.kind === 'propagate-matching' ? [readPattern(rule.matching)] : []));
  return (name) => mayPassByPattern(name) && patterns.some((pattern) => pattern.test(name));
}

/** Names are in lower case, so a pattern may say `(?i)` as Apollo Router's can, and JavaScript's cannot. */
const readPattern = (text: string): RegExp => new RegExp(text.replace(/^\(\?i\)/, ''), 'i');

/** Tracing and identity of the request are told to services anyway, by the gateway. */
const toldAnyway: ReadonlySet<string> = new Set(['x-request-id', 'traceparent', 'tracestate']);

/** What asks about the gateway's own answer (RFC 9110, 13 and 14) is no question to the service. */
const asksAboutAnswer = (name: string): boolean => name.startsWith('if-') || name === 'range' || name === 'expect';

const mayPassByPattern = (name: string): boolean =>
  !isReservedHeader(name) &&
  !isOwnHeader(name) &&
  !toldAnyway.has(name) &&
  !asksAboutAnswer(name) &&
  name !== 'proxy-connection' &&
  // Would be the prototype of the headers, not one of them
  name !== '__proto__';

function prepareRule(rule: HeaderRule): ApplyHeaderRules {
  switch (rule.kind) {
    case 'propagate': {
      const { named, rename: name = named } = rule;
      const byDefault = rule.default === undefined ? undefined : toHeaderBytes(rule.default);
      return (headers, { requestHeaders }) => {
        const values = Object.hasOwn(requestHeaders, named) ? requestHeaders[named]! : [];
        if (values.length > 0) headers[name] = values;
        else if (byDefault !== undefined) headers[name] = byDefault;
      };
    }
    case 'propagate-matching': {
      const passes = sendsOnByPattern([rule]);
      return (headers, { requestHeaders }) => {
        for (const name of Object.keys(requestHeaders)) if (passes(name)) headers[name] = requestHeaders[name]!;
      };
    }
    case 'insert': {
      const value = toHeaderBytes(rule.value);
      return (headers) => void (headers[rule.name] = value);
    }
    case 'insert-from-context':
      return (headers, { entries }) => {
        const entry = Object.hasOwn(entries, rule.key) ? entries[rule.key] : undefined;
        if (entry === undefined || entry === null) return;
        const text = typeof entry === 'string' ? entry : stringifyJson(entry);
        if (isHeaderText(text)) headers[rule.name] = toHeaderBytes(text);
      };
    case 'remove':
      return (headers) => void delete headers[rule.named];
    case 'remove-matching': {
      const pattern = readPattern(rule.matching);
      return (headers) => {
        for (const name of Object.keys(headers)) if (pattern.test(name)) delete headers[name];
      };
    }
  }
}
