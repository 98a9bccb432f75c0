/** Samples the delay of the event loop. The timer holds nothing up. */
import { monitorEventLoopDelay } from 'node:perf_hooks';

const EVERY_MS = 250;
const RESOLUTION_MS = 20;

/** Gives p99 since the last sample, without the resolution of the monitor; returns what ends it. */
export function watchLoopDelay(onSample: (delayMs: number, now: number) => void): () => void {
  const monitor = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  monitor.enable();
  const timer = setInterval(() => {
    const delayMs = monitor.count === 0 ? 0 : Math.max(0, monitor.percentile(99) / 1e6 - RESOLUTION_MS);
    monitor.reset();
    onSample(delayMs, performance.now());
  }, EVERY_MS).unref();
  return () => {
    clearInterval(timer);
    monitor.disable();
  };
}
