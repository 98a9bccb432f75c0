/** What a connector gets when it runs alone: no client, no other connectors, a limit on the time. */
import type { ConnectorContext } from '../../connectors/index.ts';
import type { JsonValue } from '../../upstream/index.ts';

const limitMs = 30_000;

export function createTrialContext(
  requestHeaders: Readonly<Record<string, string | readonly string[]>> = {},
  entries: Readonly<Record<string, JsonValue>> = {},
): ConnectorContext {
  const headers = Object.entries(requestHeaders).map(([name, value]) => [name.toLowerCase(), [value].flat()] as const);
  return {
    call: {
      signal: AbortSignal.timeout(limitMs),
      deadlineAt: performance.now() + limitMs,
      identity: '',
      requestId: 'trial',
    },
    requestHeaders: Object.fromEntries(headers),
    entries,
    operation: new Map(),
  };
}
