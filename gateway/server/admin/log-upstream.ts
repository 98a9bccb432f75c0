/** Events of calls to services as log lines: a call that failed at debug, so that an outage does not flood the log. */
import type { Logger } from 'pino';
import type { UpstreamEvent } from '../../upstream/index.ts';

export function createUpstreamLog(logger: Logger): (event: UpstreamEvent) => void {
  return (event) => {
    if (event.kind !== 'call-ended' || event.outcome !== 'failure') return;
    const { service, method, url, requestId, durationMs, code, status, reason } = event;
    logger.debug({ service, method, url, requestId, durationMs, code, status, reason }, 'call to a service failed');
  };
}
