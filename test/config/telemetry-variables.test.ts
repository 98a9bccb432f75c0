import { describe, expect, it } from 'vitest';
import { loadText } from './load-text.ts';

const services = 'services: { a: { schema: a.graphql } }\n';
const telemetryOf = (env: Record<string, string>, text = '') =>
  loadText(`${services}${text}`, { env }).settings.telemetry;

describe('telemetry', () => {
  it('is off by default', () => {
    expect(telemetryOf({})).toEqual({ serviceName: 'tributary', traces: undefined });
  });

  it('reads the standard variables of OpenTelemetry', () => {
    const env = {
      OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4318/',
      OTEL_EXPORTER_OTLP_HEADERS: 'api-key=a%20b, X-Other=c=d',
      OTEL_SERVICE_NAME: 'shop',
    };
    expect(telemetryOf(env)).toEqual({
      serviceName: 'shop',
      traces: {
        endpoint: 'http://127.0.0.1:4318/v1/traces',
        headers: { 'api-key': 'a b', 'x-other': 'c=d' },
        sample: 1,
      },
    });
  });

  it('takes the variables for traces before those for everything, as they are', () => {
    const env = {
      OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4318',
      OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://127.0.0.1:9/in',
    };
    expect(telemetryOf(env).traces?.endpoint).toBe('http://127.0.0.1:9/in');
  });

  it.each([{ OTEL_SDK_DISABLED: 'true' }, { OTEL_TRACES_EXPORTER: 'none' }])('is off with %o', (env) => {
    expect(telemetryOf({ ...env, OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4318' }).traces).toBeUndefined();
  });

  it('puts the file above those variables, and our own above the file', () => {
    const text = 'telemetry: { serviceName: file, traces: { endpoint: "http://127.0.0.1:1/" } }\n';
    const env = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:2', OTEL_SERVICE_NAME: 'variable' };
    expect(telemetryOf(env, text)).toMatchObject({ serviceName: 'file', traces: { endpoint: 'http://127.0.0.1:1/' } });
    expect(telemetryOf({ TRIBUTARY_TELEMETRY__SERVICE_NAME: 'own' }, text).serviceName).toBe('own');
  });

  it('refuses an address that is none, and says which variable it came from', () => {
    expect(() => telemetryOf({ OTEL_EXPORTER_OTLP_ENDPOINT: '127.0.0.1:4318' })).toThrow(/OTEL_EXPORTER_OTLP_ENDPOINT/);
  });

  it('refuses a header that could not be sent', () => {
    expect(() => telemetryOf({}, 'telemetry: { traces: { headers: { a: "b\\nc" } } }')).toThrow(/a text of one line/);
  });
});
