/** The report for a terminal: a table a case, columns side by side. */
import { measuresOf } from './measure-rows.ts';
import type { CaseResult, Report } from './report.ts';
import { columns, columnTitles } from './columns.ts';

export const printTable = (report: Report): string => {
  const { at, machine, mode, runs } = report;
  const head = `Compared ${at} on ${machine.node}, ${machine.cores} cores, ${mode}, ${runs} runs a cell`;
  const legend = columns.map((column) => `  ${column.padEnd(5)} ${columnTitles[column]}`);
  const rules = report.fairness.map((rule) => `  - ${rule}`);
  const cases = report.cases.map((result, index) => printCase(result, index + 1, report.roundTrips));
  return [head, '', ...legend, '', ...cases, 'Rules', ...rules].join('\n');
};

function printCase(result: CaseResult, number: number, roundTrips: readonly number[]): string {
  const lines = measuresOf(result, roundTrips).map(([title, value]) => [
    title,
    ...columns.map((column) => {
      const cell = result.cells[column];
      return cell.kind === 'measured' ? value(cell) : '-';
    }),
  ]);
  const table = [['', ...columns], ...lines];
  const widths = table[0]!.map((_, at) => Math.max(...table.map((line) => line[at]!.length)));
  const print = (line: readonly string[]) =>
    `  ${line.map((text, at) => (at === 0 ? text.padEnd(widths[at]!) : text.padStart(widths[at]!))).join('  ')}`;
  const skipped = columns.flatMap((column) => {
    const cell = result.cells[column];
    return cell.kind === 'skipped' ? [`  ${column}: ${cell.reason}`] : [];
  });
  const fault = result.fault === undefined ? [] : [`  While ${result.fault}`];
  const verdicts = columns.flatMap((column) => {
    const cell = result.cells[column];
    return cell.kind === 'measured' ? [`  ${column.padEnd(5)} ${cell.verdict}`] : [];
  });
  const parts = [`${number}. ${result.name}`, `  ${result.shows}`, ...fault, ...table.map(print), ...skipped];
  return [...parts, ...verdicts, ''].join('\n');
}
