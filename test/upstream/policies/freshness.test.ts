// How long answers are kept (RFC 9111), against another reading of the same text: the package http-cache-semantics.
import fc from 'fast-check';
import CachePolicy from 'http-cache-semantics';
import { expect, test } from 'vitest';
import { readFreshness } from '../../../gateway/upstream/policies/freshness.ts';
import { FakeClock } from '../fake-clock.ts';
import { makeCall } from './call.ts';

const wallTime = Date.parse('2026-11-21T12:00:00Z');

/** Its time stands still at the moment of the answer. */
class Oracle extends CachePolicy {
  now(): number {
    return wallTime;
  }
}

const seconds = fc.oneof(fc.nat(100), fc.constant('abc'));
// Its names of directives are those in lower case alone.
const directive = fc.oneof(
  seconds.map((value) => `max-age=${value}`),
  seconds.map((value) => `s-maxage=${value}`),
  fc.constantFrom('no-store', 'no-cache', 'private', 'public', 'must-revalidate', 'max-age="30"', 'x-own=1'),
);
const date = fc.integer({ min: -100, max: 100 }).map((offset) => new Date(wallTime + offset * 1000).toUTCString());

const nameOf = (text: string) => text.split('=')[0]!;
const fields = fc.record(
  {
    'cache-control': fc.uniqueArray(directive, { selector: nameOf, maxLength: 4 }).map((list) => list.join(', ')),
    expires: fc.oneof(date, fc.constant('0')),
    date,
    age: fc.nat(50).map(String),
    etag: fc.constant('"1"'),
    vary: fc.constantFrom('*', 'accept'),
  },
  { requiredKeys: [] },
);
// It keeps redirects that are temporary as well, when they say for how long.
const status = fc.constantFrom(200, 203, 204, 206, 301, 404, 410, 500, 503);
const asked = fc.constantFrom<Record<string, string>>({}, { 'cache-control': 'no-store' });

test('what may be kept, and for how long, is what http-cache-semantics says of a private cache that guesses nothing', () => {
  fc.assert(
    fc.property(status, fields, asked, (code, told, headers) => {
      const request = makeCall(new FakeClock(), { headers }).request;
      const lists = Object.fromEntries(Object.entries(told).map(([name, value]) => [name, [value]]));
      const found = readFreshness(request, { status: code, headers: lists, body: { kind: 'empty' } }, wallTime);
      const oracle = new Oracle(
        { method: 'GET', url: '/', headers },
        { status: code, headers: told },
        { shared: false, cacheHeuristic: 0, immutableMinTimeToLive: 0 },
      );
      // What must not be kept, never is.
      if (!oracle.storable()) {
        expect(found).toBeUndefined();
        return;
      }
      // What is fresh for a time is kept for exactly that time.
      if (oracle.maxAge() > 0) expect(found?.lifetimeMs).toBe(oracle.maxAge() * 1000);
      else expect(found?.lifetimeMs ?? 0).toBe(0);
      // It does not see from Date that an answer was long under way; we do, so ours is never younger.
      if (found !== undefined) expect(found.ageMs).toBeGreaterThanOrEqual(oracle.age() * 1000);
      if (found !== undefined && told.date === undefined) expect(found.ageMs).toBe(oracle.age() * 1000);
    }),
    { numRuns: 2000 },
  );
});
