/**
 * The report as HTML without scripts: an overview, then each case with its measures, a waterfall a column, and the raw
 * exchanges side by side. Runs in the browser as well: the page `/compare` shows a live run with it.
 */
import { escapeHtml as escape } from './html.ts';
import { measuresOf } from './measure-rows.ts';
import type { CaseResult, Cell, Report, Skipped } from './report.ts';
import { columns, columnTitles, type Column } from './columns.ts';

export const renderReport = (report: Report): string =>
  [
    renderConditions(report),
    renderOverview(report),
    ...report.cases.map((one, at) => renderCase(one, at, report)),
  ].join('\n');

const table = (head: readonly string[], rows: readonly string[], label: string): string =>
  `<div class="scroll" role="region" aria-label="${escape(label)}" tabindex="0"><table><thead><tr>${head.join('')}</tr></thead><tbody>${rows.join('')}</tbody></table></div>`;

const columnHeads = columns.map((column) => `<th scope="col" title="${escape(columnTitles[column])}">${column}</th>`);

function renderConditions({ at, machine, mode, runs, fairness }: Report): string {
  const legend = columns.map((column) => `<dt>${column}</dt><dd>${escape(columnTitles[column])}</dd>`);
  const rules = fairness.map((rule) => `<li>${escape(rule)}</li>`);
  return `<section aria-labelledby="conditions"><h2 id="conditions">What was measured, and how</h2>
<p>Measured ${escape(at)} on ${escape(machine.node)}, ${machine.cores} cores, ${escape(machine.platform)}; ${mode}, ${runs} timed runs a cell. Every number comes from this run.</p>
<dl class="legend">${legend.join('')}</dl><ol>${rules.join('')}</ol></section>`;
}

function renderOverview({ cases }: Report): string {
  const rows = cases.map((one, at) => {
    const cells = columns.map((column) => `<td>${renderBrief(one.cells[column])}</td>`);
    return `<tr><th scope="row"><a href="#case-${at + 1}">${at + 1}. ${escape(one.name)}</a></th>${cells.join('')}</tr>`;
  });
  return `<section aria-labelledby="overview"><h2 id="overview">Overview</h2>
<p>Round trips, bytes received, and the share of them that nobody needed; for statuses, what an intermediary sees.</p>
${table(['<th scope="col">case</th>', ...columnHeads], rows, 'All tasks, by column')}</section>`;
}

function renderBrief(cell: Cell | Skipped): string {
  if (cell.kind === 'skipped') return `<span class="skipped" title="${escape(cell.reason)}">–</span>`;
  if (cell.isStatusRight !== undefined) {
    return `${cell.statuses.at(-1)} ${cell.isStatusRight ? '<span class="good">tells</span>' : '<span class="bad">hides</span>'}`;
  }
  const over = cell.overFetch === undefined ? '' : `<br>${Math.round(cell.overFetch * 100)} % over`;
  const lacks = cell.missing.length === 0 ? '' : '<br><span class="bad">lacks data</span>';
  const trips = cell.first.rounds === 1 ? '1 trip' : `${cell.first.rounds} trips`;
  return `${trips}<br>${cell.first.bytesDown} B${over}${lacks}`;
}

function renderCase(one: CaseResult, at: number, { roundTrips }: Report): string {
  const rows = measuresOf(one, roundTrips).map(([title, value]) => {
    const cells = columns.map((column) => {
      const cell = one.cells[column];
      return `<td>${cell.kind === 'measured' ? escape(value(cell)) : '–'}</td>`;
    });
    return `<tr><th scope="row">${escape(title)}</th>${cells.join('')}</tr>`;
  });
  const verdicts = columns.map((column) => {
    const cell = one.cells[column];
    const text = cell.kind === 'measured' ? cell.verdict : `not measured: ${cell.reason}`;
    return `<dt>${column}</dt><dd>${escape(text)}</dd>`;
  });
  const fault = one.fault === undefined ? '' : `<p class="fault">While ${escape(one.fault)}.</p>`;
  return `<section aria-labelledby="case-${at + 1}"><h2 id="case-${at + 1}">${at + 1}. ${escape(one.name)}</h2>
<p>${escape(one.shows)} <span class="services">${escape(one.services.join(', '))}</span></p>${fault}
<details><summary>The need, in GraphQL</summary><pre>${escape(one.need.trim())}</pre></details>
${table(['<th scope="col"><span class="hidden">measure</span></th>', ...columnHeads], rows, `Measures: ${one.name}`)}
<dl class="verdicts">${verdicts.join('')}</dl>
<h3>Waterfalls</h3><div class="side-by-side">${columns.map((column) => renderWaterfall(column, one)).join('')}</div>
<details><summary>The raw exchanges, side by side</summary><div class="side-by-side">${columns
    .map((column) => renderExchanges(column, one.cells[column]))
    .join('')}</div></details></section>`;
}

const BAR_HEIGHT = 16;

/** One scale for all columns of a case, so that lengths can be compared. */
function renderWaterfall(column: Column, { cells }: CaseResult): string {
  const cell = cells[column];
  if (cell.kind === 'skipped') return `<figure><figcaption>${column}</figcaption><p>–</p></figure>`;
  const ends = columns.flatMap((other) => {
    const one = cells[other];
    return one.kind === 'measured' ? one.exchanges.map(({ end }) => end) : [];
  });
  const scale = 100 / Math.max(...ends, 0.001);
  const bars = cell.exchanges.map(({ start, end, request, response }, row) => {
    const title = `${request.method} ${request.path}: ${response.status}, ${(end - start).toFixed(1)} ms`;
    const width = Math.max((end - start) * scale, 0.5);
    return `<rect class="${response.status < 400 ? 'bar' : 'bar failed'}" x="${(start * scale).toFixed(2)}%" y="${row * BAR_HEIGHT + 2}" width="${width.toFixed(2)}%" height="${BAR_HEIGHT - 4}"><title>${escape(title)}</title></rect>`;
  });
  const last = Math.max(...cell.exchanges.map(({ end }) => end), 0);
  const label = `${column}: ${cell.exchanges.length} requests, ${last.toFixed(1)} ms`;
  return `<figure><figcaption>${column}: ${last.toFixed(1)} ms</figcaption>
<svg role="img" aria-label="${escape(label)}" width="100%" height="${cell.exchanges.length * BAR_HEIGHT}">${bars.join('')}</svg></figure>`;
}

/** A page with thousands of lines helps nobody; the JSON report has all of it. */
const SHOWN_CHARACTERS = 4_000;

function renderExchanges(column: Column, cell: Cell | Skipped): string {
  if (cell.kind === 'skipped') return `<div><h4>${column}</h4><p>${escape(cell.reason)}</p></div>`;
  const parts = cell.exchanges.map(({ request, response, source }) => {
    const lines = [
      `${request.method} ${request.path}`,
      ...Object.entries(request.headers).map(([name, value]) => `${name}: ${value}`),
      ...(request.body === undefined ? [] : ['', request.body]),
      '',
      `${response.status}${source === 'network' ? '' : ` (${source})`}`,
      ...Object.entries(response.headers).map(([name, value]) => `${name}: ${value}`),
      '',
      indent(response.body),
    ];
    return `<pre tabindex="0">${escape(shorten(lines.join('\n')))}</pre>`;
  });
  const calls = cell.upstream.map(({ service, method, path }) => `${method} ${service} ${path}`);
  return `<div><h4>${column}</h4>${parts.join('')}<h5>${calls.length} calls to services</h5><pre tabindex="0">${escape(shorten(calls.join('\n')))}</pre></div>`;
}

const shorten = (text: string): string =>
  text.length <= SHOWN_CHARACTERS ? text : `${text.slice(0, SHOWN_CHARACTERS)}\n… ${text.length} characters in all`;

function indent(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), undefined, 2);
  } catch {
    return body;
  }
}
