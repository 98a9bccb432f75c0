/** The process whose CPU is measured: a gateway, told by its parent what to do, one message at a time. */
import { loadSettings } from '../../config/index.ts';
import { startMeasuredServer } from '../../server/compare/measured-server.ts';
import type { GatewayAnswer, GatewayOrder } from './orders.ts';

const answer = (message: GatewayAnswer) => process.send?.(message);
const cpuMs = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

async function run(config: string): Promise<void> {
  const { settings, env } = loadSettings({ file: config, env: process.env });
  const server = await startMeasuredServer({ settings, env, cpuMs });
  process.on('message', (order: GatewayOrder) => {
    void obey(order).catch((error: unknown) => answer({ id: order.id, error: String(error) }));
  });
  process.on('disconnect', () => void server.close().finally(() => process.exit(0)));
  const { url, places, levels } = server;
  answer({ id: 0, value: { url, places, levels } });

  async function obey(order: GatewayOrder): Promise<void> {
    switch (order.kind) {
      case 'upstream-calls':
        return void answer({ id: order.id, value: await server.upstreamCalls(order.requestIds) });
      case 'cpu':
        return void answer({ id: order.id, value: cpuMs() });
      case 'fault':
        await server.setFault?.(order.fault ?? undefined);
        return void answer({ id: order.id, value: null });
    }
  }
}

run(process.argv[2] ?? 'tributary.yaml').catch((error: unknown) => {
  answer({ id: 0, error: error instanceof Error ? error.message : String(error) });
  process.exitCode = 1;
  process.disconnect?.();
});
