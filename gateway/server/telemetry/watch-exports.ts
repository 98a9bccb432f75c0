/** Tells when sending spans begins to fail and when it works again, not each time: the SDK itself says nothing. */
import type { SpanExporter } from '@opentelemetry/sdk-trace-base';

/** `reason` has a code or a class of error, no address. */
export type OnExportChange = (isLost: boolean, reason: string | undefined) => void;

export function watchExports(exporter: SpanExporter, onChange: OnExportChange): SpanExporter {
  let isLost = false;
  return {
    export(spans, onResult) {
      exporter.export(spans, (result) => {
        const hasFailed = result.error !== undefined;
        if (hasFailed !== isLost) {
          isLost = hasFailed;
          onChange(isLost, result.error && reasonOf(result.error));
        }
        onResult(result);
      });
    },
    shutdown: () => exporter.shutdown(),
    forceFlush: async () => exporter.forceFlush?.(),
  };
}

const reasonOf = (error: Error & { readonly code?: unknown }): string =>
  typeof error.code === 'string' || typeof error.code === 'number' ? String(error.code) : error.name;
