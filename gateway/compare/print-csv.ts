/** The report as CSV (RFC 4180): one line a cell. */
import type { Cell, Report } from './report.ts';
import { columns } from './columns.ts';

type Value = string | number | boolean | undefined;

const fields = (cell: Cell): Record<string, Value> => ({
  statuses: cell.statuses.join(' '),
  round_trips: cell.first.rounds,
  requests: cell.first.requests,
  bytes_up: cell.first.bytesUp,
  bytes_down: cell.first.bytesDown,
  bytes_decoded: cell.first.bytesDecoded,
  upstream_calls: cell.first.upstreamCalls,
  over_fetch: cell.overFetch,
  under_fetch: cell.underFetch,
  missing: cell.missing.join(' '),
  repeat_requests: cell.repeat?.requests,
  repeat_bytes_down: cell.repeat?.bytesDown,
  repeat_upstream_calls: cell.repeat?.upstreamCalls,
  cache_control: cell.cacheControl.join(' | '),
  known_addresses: cell.coupling.addresses.length,
  known_names: cell.coupling.names.length,
  cpu_ms: cell.cpuMs,
  status_right: cell.isStatusRight,
  verified: cell.verified,
});

export function printCsv({ cases, roundTrips }: Report): string {
  const times = roundTrips.flatMap((time) => (['p50', 'p95', 'p99'] as const).map((name) => ({ time, name })));
  const rows = cases.flatMap(({ name, cells }) =>
    columns.flatMap((column) => {
      const cell = cells[column];
      if (cell.kind === 'skipped') return [];
      const latencies = times.map((at) => [`${at.name}_ms_rtt_${at.time}`, cell.latency[String(at.time)]?.[at.name]]);
      return [{ case: name, column, ...fields(cell), ...(Object.fromEntries(latencies) as Record<string, Value>) }];
    }),
  );
  const names = Object.keys(rows[0] ?? {});
  const lines = rows.map((row) => names.map((name) => quote((row as Record<string, Value>)[name])).join(','));
  return [names.join(','), ...lines, ''].join('\r\n');
}

function quote(value: Value): string {
  const text = typeof value === 'number' && !Number.isInteger(value) ? value.toFixed(3) : String(value ?? '');
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
