import { describe, expect, it } from 'vitest';
import { createFreshnessCollector } from '../../gateway/upstream/index.ts';

const plain = { isPrivate: false, noStore: false, noCache: false, isComplete: true };
type Headers = Record<string, string[]>;

describe('the freshness of several answers', () => {
  it.each<[string, Headers[], unknown]>([
    ['nothing without an answer', [], undefined],
    ['what is left of max-age after Age', [{ 'cache-control': ['max-age=60'], age: ['20'] }], { ...plain, maxAge: 40 }],
    ['s-maxage before max-age', [{ 'cache-control': ['max-age=60, s-maxage=10'] }], { ...plain, maxAge: 10 }],
    ['nothing left of what is stale', [{ 'cache-control': ['max-age=6'], age: ['20'] }], { ...plain, maxAge: 0 }],
    [
      'the smallest of several',
      [{ 'cache-control': ['max-age=60'] }, { 'cache-control': ['max-age=9'] }],
      { ...plain, maxAge: 9 },
    ],
    ['one that said nothing', [{ 'cache-control': ['max-age=60'] }, {}], { ...plain, maxAge: 60, isComplete: false }],
    [
      'one that said nothing first',
      [{}, { 'cache-control': ['max-age=60'] }],
      { ...plain, maxAge: 60, isComplete: false },
    ],
    [
      'private of any',
      [{ 'cache-control': ['private, max-age=5'] }, { 'cache-control': ['max-age=9'] }],
      { ...plain, maxAge: 5, isPrivate: true },
    ],
    [
      'no-store of any',
      [{ 'cache-control': ['max-age=9'] }, { 'cache-control': ['no-store'] }],
      { ...plain, maxAge: 9, noStore: true, isComplete: false },
    ],
    ['no-cache of any', [{ 'cache-control': ['no-cache, max-age=9'] }], { ...plain, maxAge: 9, noCache: true }],
    ['an unreadable time is over', [{ 'cache-control': ['max-age=soon'] }], { ...plain, maxAge: 0 }],
  ])('%s', (_what, answers, expected) => {
    const collector = createFreshnessCollector();
    for (const headers of answers) collector.note(headers);
    expect(collector.read()).toEqual(expected);
  });
});
