/** Header fields on the way out and back: hop-by-hop fields stay on their hop (RFC 9110, 7.6.1). */
import type { Call } from './call.ts';
import type { UpstreamSettings } from './settings.ts';

type HeaderValues = Readonly<Record<string, string | readonly string[] | undefined>>;

const hopByHop: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** Set by the transport itself, from the body it sends. */
const ownFields: ReadonlySet<string> = new Set(['content-length', 'expect']);

const toList = (value: string | readonly string[]): readonly string[] => (typeof value === 'string' ? [value] : value);

const none: ReadonlySet<string> = new Set();

function namedByConnection(connection: HeaderValues[string]): ReadonlySet<string> {
  if (connection === undefined || connection === 'keep-alive') return none;
  const names = toList(connection).flatMap((value) => value.split(','));
  return new Set(names.map((name) => name.trim().toLowerCase()));
}

/** What one attempt sends: the caller's fields, and what the gateway tells every service. */
export function requestHeaders(call: Call, settings: UpstreamSettings, now: number): Record<string, string | string[]> {
  const { context, headers } = call.request;
  const sent: Record<string, string | string[]> = { 'accept-encoding': 'gzip, br' };
  const named = namedByConnection(headers['connection']);
  for (const name of Object.keys(headers)) {
    if (hopByHop.has(name) || ownFields.has(name) || named.has(name)) continue;
    const values = headers[name]!;
    sent[name] = typeof values === 'string' ? values : values.length === 1 ? values[0]! : [...values];
  }
  sent['x-request-id'] = context.requestId;
  if (context.traceparent !== undefined) sent.traceparent = context.traceparent;
  sent[settings.deadline.header] = String(Math.max(1, Math.floor(call.limit.endsAt - now)));
  const attempt = (context.retryAttempt ?? 0) + call.attempt;
  if (attempt > 0) sent[settings.retry.header] = String(attempt);
  return sent;
}

/** What the caller sees of the answer's fields. */
export function responseHeaders(headers: HeaderValues): Record<string, readonly string[]> {
  const named = namedByConnection(headers['connection']);
  const seen: Record<string, readonly string[]> = {};
  for (const name of Object.keys(headers)) {
    const value = headers[name];
    if (value === undefined || hopByHop.has(name) || named.has(name)) continue;
    if (name !== '__proto__') seen[name] = toList(value);
  }
  return seen;
}
