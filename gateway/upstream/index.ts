/** Public door of `upstream/`: one HTTP call to one service, made safe. */

// Making a client, and calling with it
export { createUpstream, type UpstreamClient, type UpstreamOptions, type UpstreamServices } from './upstream-client.ts';
export type {
  CallContext,
  CallUpstream,
  JsonValue,
  UpstreamBody,
  UpstreamRequest,
  UpstreamResponse,
} from './upstream-call.ts';

// How a call ends when it does not end well
export { UpstreamError, type UpstreamErrorDetails } from '../errors/upstream-error.ts';

// Settings, with every default filled in
export {
  defaultUpstreamSettings,
  resolveUpstreamSettings,
  type PartialUpstreamSettings,
  type UpstreamSettings,
} from './settings.ts';

// What there is to log and to count
export type { EmitUpstreamEvent, Outcome, UpstreamEvent } from './events.ts';

// Time and chance
export { systemClock, type Clock, type RandomSource } from './clock.ts';

// JSON that keeps every digit of an integer
/** For answers made of several answers. */
export { createFreshnessCollector, type FreshnessCollector } from './collect-freshness.ts';

export { JsonSyntaxError, parseJson, type ParseJsonOptions } from './json-reader.ts';
export { stringifyJson } from './json-writer.ts';

// For services: being found through a registry
export { registerInstance, type Registration, type RegistrationOptions } from './discovery/registration.ts';

// Answers that were written down, for trying connectors
export { readRecordedAnswer, type RecordedAnswer } from './recorded-answer.ts';
