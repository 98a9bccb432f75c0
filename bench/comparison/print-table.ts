import type { Measurement } from './measure.ts';

/** A Markdown table, a line a contestant: medians over the rounds, least and most in brackets, and the ratio to the peer. */
export function printTable(measurements: readonly Measurement[]): string {
  const names = [...new Set(measurements.map(({ contestant }) => contestant))];
  const byName = new Map(names.map((name) => [name, measurements.filter((one) => one.contestant === name)]));
  const peer = names.find((name) => name.startsWith('apollo'));
  const base = peer === undefined ? undefined : medianOf(byName.get(peer)!.map((one) => one.cpuMsPerRequest));
  const lines = [...byName].map(([name, rounds]) => {
    const cpu = rounds.map((one) => one.cpuMsPerRequest).sort((a, b) => a - b);
    const calls = medianOf(rounds.map((one) => one.callsPerRequest));
    const memory = Math.max(...rounds.map((one) => one.peakMemoryMb));
    const failed = rounds.reduce((sum, one) => sum + one.failed, 0);
    const range = `${cpu[0]!.toPrecision(2)}-${cpu.at(-1)!.toPrecision(2)}`;
    const ratio = base === undefined ? '' : (medianOf(cpu) / base).toPrecision(2);
    return `| ${[name, `${medianOf(cpu).toPrecision(3)} (${range})`, ratio, calls.toPrecision(3), Math.round(memory), failed].join(' | ')} |`;
  });
  const head = [
    'contestant',
    'CPU-ms a request',
    `ratio to ${peer ?? 'no peer'}`,
    'calls a request',
    'memory MB',
    'failed',
  ];
  return [`| ${head.join(' | ')} |`, `| ${head.map(() => '---').join(' | ')} |`, ...lines].join('\n');
}

function medianOf(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
