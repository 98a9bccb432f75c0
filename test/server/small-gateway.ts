// One gateway over one connectors file and a REST service of the test's own.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { createServer, type Server } from '../../gateway/server/create-server.ts';
import { loadText } from '../config/load-text.ts';
import { RestServer, type Answer, type SeenRequest } from '../connectors/harness.ts';

export interface SmallGateway {
  readonly url: string;
  readonly rest: RestServer;
  readonly warnings: Server['warnings'];
  readonly ask: (query: string, headers?: Record<string, string>) => Promise<any>;
}

export interface SmallGatewayOptions {
  /** `{origin}` in it is the address of the service. */
  readonly sdl: string;
  /** Settings in YAML besides the services, which are one: `shop`. */
  readonly settings?: string;
  /** What stands below `services.shop`, indented by four. */
  readonly service?: string;
  readonly env?: Record<string, string>;
  readonly answer: (request: SeenRequest, url: URL) => Answer | Promise<Answer>;
}

/** Ends with the test. */
export async function startSmallGateway(options: SmallGatewayOptions): Promise<SmallGateway> {
  const { sdl, settings = '', service = '', env = {}, answer } = options;
  const rest = await RestServer.start(answer);
  const folder = mkdtempSync(join(tmpdir(), 'tributary-small-'));
  const schema = join(folder, 'shop.graphql');
  writeFileSync(schema, sdl.replaceAll('{origin}', rest.origin));
  const text = `services:\n  shop:\n    schema: ${schema}\n${service}\n${settings.replaceAll('{origin}', rest.origin)}`;
  const own = {
    TRIBUTARY_SERVER__PORT: '0',
    TRIBUTARY_SERVER__ADMIN__ENABLED: 'false',
    TRIBUTARY_LOG__LEVEL: 'silent',
  };
  const loaded = loadText(text, { env: { ...own, ...env } });
  const server = await createServer({ settings: loaded.settings, env });
  const url = await server.listen();
  onTestFinished(async () => {
    await server.close();
    await rest.stop();
    rmSync(folder, { recursive: true });
  });
  return {
    url,
    rest,
    warnings: server.warnings,
    async ask(query, headers = {}) {
      const response = await fetch(`${url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify({ query }),
      });
      return await response.json();
    },
  };
}
