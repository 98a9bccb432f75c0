/**
 * Events of calls to services as log lines: one for each transition, none for each refused call. A call that failed is told
 * at debug, so that an outage does not flood the log.
 */
import type { Logger } from 'pino';
import type { UpstreamEvent } from '../../upstream/index.ts';

export function createUpstreamLog(logger: Logger): (event: UpstreamEvent) => void {
  return (event) => {
    switch (event.kind) {
      case 'breaker-changed': {
        const { kind: _kind, ...details } = event;
        if (event.to === 'open') logger.warn(details, 'breaker open');
        else logger.info(details, `breaker ${event.to}`);
        break;
      }
      case 'call-ended': {
        if (event.outcome !== 'failure') break;
        const { service, method, url, requestId, durationMs, code, status, reason } = event;
        const details = { service, method, url, requestId, durationMs, code, status, reason };
        logger.debug(details, 'call to a service failed');
        break;
      }
      default:
    }
  };
}
