// Hive Gateway with its Rust query planner, in one process. SHARING=off shares nothing between requests.
import { defineConfig } from '@graphql-hive/gateway';
import { unifiedGraphHandler } from '@graphql-hive/router-runtime';

const isSharing = process.env['SHARING'] !== 'off';

export const gatewayConfig = defineConfig({
  unifiedGraphHandler,
  inboundInflightRequestDeduplication: isSharing,
  transportEntries: { '*.http': { options: { deduplicateInflightRequests: isSharing } } },
});
