/**
 * The standard variables of OpenTelemetry (its specification: "SDK environment variables" and "OTLP exporter"). As with
 * those of Apollo Router the settings file goes first.
 */
import type { Override } from './precedence.ts';
import type { Environment } from './variables.ts';

interface Variable {
  readonly name: string;
  readonly path: readonly string[];
  readonly read: (text: string) => unknown;
}

const traces = ['telemetry', 'traces'];

/** Of two for one option the first one that is set. */
const variables: readonly Variable[] = [
  { name: 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT', path: [...traces, 'endpoint'], read: (text) => text },
  {
    name: 'OTEL_EXPORTER_OTLP_ENDPOINT',
    path: [...traces, 'endpoint'],
    read: (text) => `${text.replace(/\/+$/, '')}/v1/traces`,
  },
  { name: 'OTEL_EXPORTER_OTLP_TRACES_HEADERS', path: [...traces, 'headers'], read: readHeaders },
  { name: 'OTEL_EXPORTER_OTLP_HEADERS', path: [...traces, 'headers'], read: readHeaders },
  { name: 'OTEL_SERVICE_NAME', path: ['telemetry', 'serviceName'], read: (text) => text },
];

/** What the variables set and the file does not; nothing where they switch traces off. */
export function readTelemetryOverrides(environment: Environment, fileValues: unknown): Override[] {
  const isOff = environment['OTEL_SDK_DISABLED'] === 'true' || environment['OTEL_TRACES_EXPORTER'] === 'none';
  if (isOff) return [];
  const overrides: Override[] = [];
  for (const { name, path, read } of variables) {
    const text = environment[name];
    if (text === undefined || text === '' || isWritten(fileValues, path)) continue;
    if (overrides.some((other) => other.path.join('.') === path.join('.'))) continue;
    overrides.push({ path, value: read(text), origin: `environment variable ${name}` });
  }
  return overrides;
}

/** `api-key=secret,other=value`, percent-encoded (W3C Baggage). */
function readHeaders(text: string): Record<string, string> {
  const pairs = text.split(',').map((pair) => pair.trim().split(/=([^]*)/, 2));
  return Object.fromEntries(pairs.map(([name = '', value = '']) => [name.trim(), decode(value.trim())]));
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

const isWritten = (values: unknown, path: readonly string[]): boolean =>
  path.reduce<unknown>(
    (value, name) =>
      typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined,
    values,
  ) !== undefined;
