/**
 * Events of calls to services as log lines: one for each transition, none for each refused call. A call that failed is told
 * at debug, so that an outage does not flood the log.
 */
import type { Logger } from 'pino';
import type { DiscoveryEvent } from '../../upstream/discovery/events.ts';
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
      case 'instance-ejected':
      case 'instance-returned': {
        const { kind, ...details } = event;
        if (kind === 'instance-ejected') logger.warn(details, 'instance left out: it fails');
        else logger.info(details, 'instance taken back');
        break;
      }
      case 'cache-store-changed': {
        const { service, reason } = event;
        if (event.isUp) logger.info({ service }, 'shared cache found again');
        else logger.warn({ service, reason }, 'shared cache lost: services are asked instead');
        break;
      }
      case 'tls-files-changed': {
        const { service } = event;
        if (event.isUsable) logger.info({ service }, 'certificates read again');
        else logger.warn({ service, reason: event.reason }, 'certificates cannot be used: those before stay in use');
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

export function createDiscoveryLog(logger: Logger): (event: DiscoveryEvent) => void {
  return ({ kind, ...details }) => {
    switch (kind) {
      case 'instances-changed':
        logger.info(details, 'instances changed');
        break;
      case 'instances-refused':
        logger.warn(details, 'addresses that cannot be used were left out');
        break;
      case 'registry-lost':
        logger.warn(details, 'registry lost: the last known instances stay');
        break;
      case 'registry-found':
        logger.info(details, 'registry found again');
        break;
      case 'snapshot-failed':
        logger.warn(details, 'the snapshot of instances cannot be written');
        break;
    }
  };
}
