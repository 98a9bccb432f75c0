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

function namedByConnection(headers: HeaderValues): ReadonlySet<string> {
  const names = toList(headers.connection ?? []).flatMap((value) => value.split(','));
  return new Set(names.map((name) => name.trim().toLowerCase()));
}

function endToEnd(headers: HeaderValues): [string, readonly string[]][] {
  const named = namedByConnection(headers);
  return Object.entries(headers)
    .filter(([name, value]) => value !== undefined && !hopByHop.has(name) && !named.has(name))
    .map(([name, value]) => [name, toList(value!)]);
}

/** What one attempt sends: the caller's fields, and what the gateway tells every service. */
export function requestHeaders(call: Call, settings: UpstreamSettings, now: number): Record<string, string | string[]> {
  const { context, headers } = call.request;
  const sent: Record<string, string | string[]> = { 'accept-encoding': 'gzip, br' };
  for (const [name, values] of endToEnd(headers)) {
    if (!ownFields.has(name)) sent[name] = values.length === 1 ? values[0]! : [...values];
  }
  sent['x-request-id'] = context.requestId;
  if (context.traceparent !== undefined) sent.traceparent = context.traceparent;
  sent[settings.deadline.header] = String(Math.max(1, Math.floor(call.endsAt - now)));
  const attempt = (context.retryAttempt ?? 0) + call.attempt;
  if (attempt > 0) sent[settings.retry.header] = String(attempt);
  return sent;
}

/** What the caller sees of the answer's fields. */
export function responseHeaders(headers: HeaderValues): Record<string, readonly string[]> {
  return Object.fromEntries(endToEnd(headers));
}
