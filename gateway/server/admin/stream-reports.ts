/**
 * `/admin/upstreams` live, as server-sent events: the whole report, at once and then whenever it changed, at most once in each
 * interval however many calls there are.
 */
import type { ServerResponse } from 'node:http';

export interface ReportStreamOptions {
  readonly report: () => unknown;
  readonly version: () => number;
  readonly streamEveryMs?: number;
}

/** Intervals after which the report is sent unchanged: it keeps the connection open, and ages in it move on. */
const quietIntervals = 15;

export function streamReports({ report, version, streamEveryMs = 1_000 }: ReportStreamOptions) {
  const open = new Set<() => void>();
  return {
    begin(response: ServerResponse): void {
      response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-store' });
      let sent: number | undefined;
      let quiet = 0;
      const send = () => {
        if (version() === sent && ++quiet < quietIntervals) return;
        // A reader that does not keep up gets the next report instead of all.
        if (response.writableNeedDrain) return;
        sent = version();
        quiet = 0;
        response.write(`event: upstreams\ndata: ${JSON.stringify(report())}\n\n`);
      };
      send();
      const timer = setInterval(send, streamEveryMs);
      const end = () => response.end();
      open.add(end);
      response.once('close', () => {
        clearInterval(timer);
        open.delete(end);
      });
    },
    /** Ends all streams. */
    end(): void {
      for (const end of open) end();
    },
  };
}
