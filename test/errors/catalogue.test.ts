import { describe, expect, test } from 'vitest';
import { catalogue, describeError, isErrorCode, type CatalogueEntry } from '../../gateway/errors/catalogue.ts';
import { UpstreamError } from '../../gateway/errors/upstream-error.ts';

const entries = Object.entries<CatalogueEntry>(catalogue);

describe('every entry of the catalogue', () => {
  test.each(entries)('%s has sentences of the house', (code, { title, message, hint }) => {
    expect(code).toMatch(/^[A-Z]+(_[A-Z]+)*$/);
    for (const sentence of [title, hint]) expect(sentence).toMatch(/^[^\s].*[^.!\s]$/);
    expect(title).toMatch(/^[A-Z]/);
    expect(message).toMatch(/^([A-Z].*[^.!\s]|\{reason\})$/);
  });

  test.each(entries)('%s has named holes only', (_code, { message }) => {
    const holes = message.match(/\{[^}]*\}/g) ?? [];
    expect(holes.filter((hole) => !/^\{[a-z][A-Za-z]*\}$/.test(hole))).toEqual([]);
  });

  test.each(entries)('%s has an HTTP status that means failure', (_code, { status }) => {
    expect(status).toBeGreaterThanOrEqual(400);
    expect(status).toBeLessThan(600);
  });

  test('titles are unique', () => {
    expect(new Set(entries.map(([, { title }]) => title)).size).toBe(entries.length);
  });

  test('entries of one stage stand together', () => {
    const stages = entries.map(([, { stage }]) => stage);
    const runs = stages.filter((stage, index) => stage !== stages[index - 1]);
    expect(new Set(runs).size).toBe(runs.length);
  });

  test('messages of the upstream stage name the service and nothing else', () => {
    const upstream = entries.filter(([, { stage }]) => stage === 'upstream');
    for (const [, { message }] of upstream) expect(message.match(/\{\w+\}/g)).toEqual(['{service}']);
  });
});

describe('describeError', () => {
  test('fills the holes, and leaves one it knows nothing about', () => {
    expect(describeError('CONFIG_UNKNOWN_OPTION', { name: 'prot', parent: 'server' })).toBe(
      'Unknown option "prot" in server',
    );
    expect(describeError('UPSTREAM_TIMEOUT')).toBe('Service "{service}" did not answer in time');
  });

  test('puts values in as they are', () => {
    expect(describeError('BAD_REQUEST', { reason: '$& {service} $1' })).toBe('$& {service} $1');
  });
});

describe('isErrorCode', () => {
  test.each([
    ['UPSTREAM_TIMEOUT', true],
    ['toString', false],
    ['NOT_A_CODE', false],
    [7, false],
  ])('%s: %s', (code, expected) => {
    expect(isErrorCode(code)).toBe(expected);
  });
});

describe('UpstreamError', () => {
  test('keeps the cause and the reason away from its extensions', () => {
    const error = new UpstreamError('UPSTREAM_UNREACHABLE', {
      service: 'catalog',
      retryable: true,
      dispatched: false,
      reason: 'refused',
      cause: new Error('connect ECONNREFUSED 10.0.0.7:4001'),
    });
    expect(error.toExtensions()).toEqual({
      code: 'UPSTREAM_UNREACHABLE',
      service: 'catalog',
      retryable: true,
      dispatched: false,
      upstream: { kind: 'network' },
    });
  });

  test.each([
    ['UPSTREAM_TIMEOUT', undefined, 'timeout'],
    ['DEADLINE_EXCEEDED', undefined, 'timeout'],
    ['UPSTREAM_INVALID_RESPONSE', 200, 'invalid'],
    ['UPSTREAM_UNREACHABLE', undefined, 'network'],
  ] as const)('%s with status %s is of kind %s', (code, status, kind) => {
    const error = new UpstreamError(code, { service: 'a', retryable: false, dispatched: true, status });
    expect(error.toExtensions()).toMatchObject({ upstream: { kind } });
  });

  test('carries how long to wait', () => {
    const details = { service: 'a', retryable: true, dispatched: false, retryAfterMs: 1000 };
    expect(new UpstreamError('UPSTREAM_SATURATED', details).toExtensions()).toMatchObject({ retryAfterMs: 1000 });
  });
});
