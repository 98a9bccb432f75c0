/** One delivery of a webhook. Redirects are not followed: they would lead to places that nobody allowed. */
import type { WebhookRequest } from '../facade/index.ts';

const ATTEMPT_MS = 10_000;

/** The status of the answer, whose body is not read; rejects when there is none in time. */
export async function sendWebhook({ url, headers, body, signal }: WebhookRequest): Promise<number> {
  const response = await fetch(url, {
    method: 'POST',
    headers,
    body,
    redirect: 'manual',
    signal: AbortSignal.any([signal, AbortSignal.timeout(ATTEMPT_MS)]),
  });
  await response.body?.cancel();
  return response.status;
}
