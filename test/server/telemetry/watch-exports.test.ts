import { InMemorySpanExporter } from '@opentelemetry/sdk-trace-base';
import { expect, it } from 'vitest';
import { watchExports } from '../../../gateway/server/telemetry/watch-exports.ts';

it('watchExports tells when sending begins to fail and when it works again, not each time', () => {
  const told: unknown[] = [];
  const exporter = new InMemorySpanExporter();
  let error: Error | undefined;
  exporter.export = (_spans, onResult) => onResult(error === undefined ? { code: 0 } : { code: 1, error });
  const watched = watchExports(exporter, (...change) => void told.push(change));
  const results: number[] = [];
  const send = () => watched.export([], ({ code }) => void results.push(code));
  send();
  error = Object.assign(new Error('connect ECONNREFUSED 10.0.0.1:4318'), { code: 'ECONNREFUSED' });
  send();
  send();
  error = undefined;
  send();
  error = new TypeError('x');
  send();
  expect(results).toEqual([0, 1, 1, 0, 1]);
  expect(told).toEqual([
    [true, 'ECONNREFUSED'],
    [false, undefined],
    [true, 'TypeError'],
  ]);
});
