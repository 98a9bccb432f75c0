/**
 * A fault is something wrong in a file a user wrote: settings, subgraph SDL, facade document. Always with its place, so
 * that it can be shown with a code frame. Faults are collected and reported all at once, in order of place.
 */
import { codeFrameColumns } from '@babel/code-frame';

/** A place in a file; lines and columns count from 1, the end is exclusive of nothing: it names the last character + 1. */
export interface Range {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

export interface Fault {
  readonly code: string;
  readonly message: string;
  readonly severity: 'error' | 'warning';
  readonly range?: Range;
  /** A second place, where two files disagree. */
  readonly related?: readonly Range[];
  readonly hint?: string;
}

/** Thrown where a start or a reload cannot go on; carries every fault found. */
export class FaultsError extends Error {
  override readonly name = 'FaultsError';
  readonly faults: readonly Fault[];
  readonly sources: ReadonlyMap<string, string>;

  /** `sources` maps file names to their texts, for the code frames. */
  constructor(faults: readonly Fault[], sources: ReadonlyMap<string, string> = new Map()) {
    super(faults.map((fault) => formatFault(fault, sources)).join('\n\n'));
    this.faults = faults;
    this.sources = sources;
  }
}

function drawFrame(range: Range, sources: ReadonlyMap<string, string>, note: string | undefined): string[] {
  const place = `  --> ${range.file}:${range.line}:${range.column}`;
  const text = sources.get(range.file);
  if (text === undefined) return note === undefined ? [place] : [place, `  ${note}`];
  const location = {
    start: { line: range.line, column: range.column },
    end: { line: range.endLine, column: range.endColumn },
  };
  return [place, codeFrameColumns(text, location, note === undefined ? {} : { message: note })];
}

/** One fault as text: severity, code, sentence, place, code frame, hint. No full stop, no colours. */
export function formatFault(fault: Fault, sources: ReadonlyMap<string, string> = new Map()): string {
  const lines = [`${fault.severity}[${fault.code}] ${fault.message}`];
  if (fault.range) lines.push(...drawFrame(fault.range, sources, fault.hint));
  else if (fault.hint) lines.push(`  ${fault.hint}`);
  for (const range of fault.related ?? []) lines.push(...drawFrame(range, sources, undefined));
  return lines.join('\n');
}

/** In order of file and place; faults without a place come last. */
export function sortFaults(faults: readonly Fault[]): Fault[] {
  const key = (fault: Fault) => fault.range ?? { file: '\uffff', line: 0, column: 0 };
  return [...faults].sort((a, b) => {
    const [x, y] = [key(a), key(b)];
    if (x.file !== y.file) return x.file < y.file ? -1 : 1;
    return x.line - y.line || x.column - y.column;
  });
}
