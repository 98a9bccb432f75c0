/**
 * Tells the end of an operation to the address its client named, signed as Standard Webhooks has it
 * (github.com/standard-webhooks/standard-webhooks): HMAC-SHA256 over `id.timestamp.body`. A receiver may get an event twice, and
 * knows it by its id. What cannot be delivered is given up: the operation itself stays where it can be read.
 */
import { createHmac } from 'node:crypto';
import type { FacadeRequest, Json } from '../contract.ts';
import type { Refusal } from '../response/refusal.ts';
import { headerText } from '../routes/request-headers.ts';

export interface WebhookRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly signal: AbortSignal;
}

export interface WebhookOptions {
  /** Scheme, host and port of addresses that may be told, such as `https://hooks.example`. Any other is refused. */
  readonly origins: readonly string[];
  /** `whsec_` and the key in base64. */
  readonly secret: string;
  /** One attempt: resolves to the status of the answer. Must not follow redirects, which lead to places nobody allowed. */
  readonly send: (request: WebhookRequest) => Promise<number>;
}

/** The header by which a client names its address. */
export const CALLBACK_HEADER = 'callback-url';

/** Waits between deliveries: five in all. */
const WAITS_MS = [5_000, 30_000, 120_000, 600_000];

const refuse = (detail: string): Refusal => ({
  row: 'P16',
  problem: 'invalid-parameter',
  detail,
  errors: [{ header: CALLBACK_HEADER, detail, code: 'invalid' }],
});

/** The address a request wants to be told at. Refused in plain words rather than ignored: a client would wait for nothing. */
export function readCallback(
  headers: FacadeRequest['headers'],
  webhooks: WebhookOptions | undefined,
): string | Refusal | undefined {
  const text = headerText(headers, CALLBACK_HEADER);
  if (text === undefined) return undefined;
  if (!webhooks || webhooks.origins.length === 0) return refuse('Callback-URL is given, and no webhooks are sent here');
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url) return refuse('Callback-URL is no absolute URL');
  const isPlain = url.username === '' && url.password === '' && url.hash === '';
  if (!isPlain || !webhooks.origins.includes(url.origin))
    return refuse('Callback-URL is not among the addresses allowed here');
  return url.href;
}

/** The signature of one event; `timestamp` in seconds. */
export function signWebhook(secret: string, id: string, timestamp: number, body: string): string {
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`;
}

export interface WebhookEvent {
  readonly id: string;
  readonly url: string;
  /** Such as `operation.succeeded`. */
  readonly type: string;
  readonly at: Date;
  readonly data: Json;
}

export interface DeliveryOptions extends WebhookOptions {
  readonly now: () => Date;
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Aborts when the gateway stops. */
  readonly signal: AbortSignal;
}

/** Delivers with retries; true when the receiver took it. Never rejects. A receiver that answers 410 is not asked again. */
export async function deliverWebhook(event: WebhookEvent, options: DeliveryOptions): Promise<boolean> {
  const { secret, send, now, sleep, signal } = options;
  const body = JSON.stringify({ type: event.type, timestamp: event.at.toISOString(), data: event.data });
  for (const waitMs of [0, ...WAITS_MS]) {
    if (waitMs > 0) await sleep(waitMs, signal);
    if (signal.aborted) return false;
    const timestamp = Math.floor(now().getTime() / 1000);
    const headers = {
      'content-type': 'application/json',
      'webhook-id': event.id,
      'webhook-timestamp': String(timestamp),
      'webhook-signature': signWebhook(secret, event.id, timestamp, body),
    };
    const status = await send({ url: event.url, headers, body, signal }).catch(() => 0);
    if (status >= 200 && status < 300) return true;
    if (status === 410) return false;
  }
  return false;
}
