/** The measures of a case, row by row: what the terminal and the page show. */
import type { CaseResult, Cell } from './report.ts';

export type MeasureRow = readonly [title: string, value: (cell: Cell) => string];

const percent = (share: number | undefined): string => (share === undefined ? '-' : `${Math.round(share * 100)} %`);
const orDash = (value: number | string | undefined): string => (value === undefined ? '-' : String(value));

const statusRows: readonly MeasureRow[] = [
  ['status', ({ statuses }) => orDash(statuses.at(-1))],
  ['tells an intermediary', ({ isStatusRight }) => (isStatusRight === true ? 'yes' : 'no')],
  ['Retry-After', ({ exchanges }) => orDash(exchanges.at(-1)?.response.headers['retry-after'])],
  ['may be kept', ({ cacheControl }) => orDash(cacheControl.at(-1))],
];

export const measuresOf = (result: CaseResult, roundTrips: readonly number[]): readonly MeasureRow[] =>
  result.right === undefined ? dataRows(result, roundTrips) : statusRows;

const dataRows = ({ asks }: CaseResult, roundTrips: readonly number[]): readonly MeasureRow[] => [
  ['round trips', ({ first }) => String(first.rounds)],
  ['requests', ({ first }) => String(first.requests)],
  ['bytes up', ({ first }) => String(first.bytesUp)],
  ['bytes down', ({ first }) => String(first.bytesDown)],
  ['bytes of bodies, decoded', ({ first }) => String(first.bytesDecoded)],
  ['calls to services', ({ first }) => String(first.upstreamCalls)],
  ['over-fetch', ({ overFetch }) => percent(overFetch)],
  ['requests after the first', ({ underFetch }) => String(underFetch)],
  ['missing', ({ missing }) => (missing.length === 0 ? 'nothing' : missing.join(' '))],
  ['repeat: requests', ({ repeat }) => orDash(repeat?.requests)],
  ['repeat: not modified', ({ repeat }) => orDash(repeat?.notModified)],
  ['repeat: bytes down', ({ repeat }) => orDash(repeat?.bytesDown)],
  ['repeat: calls to services', ({ repeat }) => orDash(repeat?.upstreamCalls)],
  ['may be kept', ({ cacheControl }) => cacheControl.join(' | ')],
  ['statuses', ({ statuses }) => [...new Set(statuses)].join(' ')],
  ['addresses to know', ({ coupling }) => String(coupling.addresses.length)],
  ['names to know', ({ coupling }) => String(coupling.names.length)],
  ['CPU ms of the gateway', ({ cpuMs }) => orDash(cpuMs?.toFixed(2))],
  ...roundTrips.map((time): MeasureRow => [
    `p50 / p95 / p99 ms, round trip ${time} ms`,
    ({ latency }) => {
      const at = latency[String(time)];
      return at === undefined ? '-' : [at.p50, at.p95, at.p99].map((value) => value.toFixed(1)).join(' / ');
    },
  ]),
  ...(asks === undefined ? [] : [[asks, ({ verified }: Cell) => orDash(verified)] as const]),
];
