/** Loads what makes spans, only where they are wanted: the SDK is a dozen packages, and costs memory and start time. */
import type { Logger } from 'pino';
import type { Settings } from '../../config/index.ts';
import type { Tracing } from './tracing.ts';

/** Undefined where no address is set. */
export async function openTracing({ telemetry }: Settings, logger: Logger): Promise<Tracing | undefined> {
  const { serviceName, traces } = telemetry;
  if (traces === undefined) return undefined;
  const { createOtlpTracing } = await import('./otlp-tracing.ts');
  return createOtlpTracing({
    ...traces,
    serviceName,
    onChange(isLost, reason) {
      if (isLost) logger.warn({ reason }, 'collector lost: spans are dropped');
      else logger.info('collector found again');
    },
  });
}
