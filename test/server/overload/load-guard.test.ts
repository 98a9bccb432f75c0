import { describe, expect, it } from 'vitest';
import { kindOfOperation } from '../../../gateway/server/overload/kind-of-work.ts';
import { createLoadGuard, type WorkKind } from '../../../gateway/server/overload/load-guard.ts';

function start(operations = 100) {
  const changes: boolean[] = [];
  const settings = { operations, loopDelayMs: 200, loopDelayForMs: 1_000, retryAfterMs: 1_000 };
  const guard = createLoadGuard({ settings: () => settings, onChange: (isShedding) => changes.push(isShedding) });
  const admitted = (kind: WorkKind, count = 100) =>
    Array.from({ length: count }, () => guard.enter(() => kind)).filter((leave) => {
      leave?.();
      return leave !== undefined;
    }).length;
  return { guard, changes, admitted };
}

describe('the number of operations', () => {
  it('lets introspection in up to 80 %, queries up to 90 %, mutations up to all', () => {
    const { guard } = start(10);
    const fill = (kind: WorkKind) => {
      while (guard.enter(() => kind) !== undefined);
      return guard.state.operations;
    };
    expect([fill('introspection'), fill('query'), fill('mutation')]).toEqual([8, 9, 10]);
    expect(guard.state.refused).toEqual({ introspection: 1, query: 1, mutation: 1 });
  });

  it('gives a place back once, however often its end is told', () => {
    const { guard } = start(10);
    const leave = guard.enter(() => 'query')!;
    leave();
    leave();
    expect(guard.state.operations).toBe(0);
  });
});

describe('the delay of the event loop', () => {
  it('counts only when it lasts', () => {
    const { guard, changes, admitted } = start(1_000);
    guard.sample(250, 10_000);
    guard.sample(0, 10_250);
    guard.sample(250, 10_500);
    expect([admitted('introspection'), changes]).toEqual([100, []]);
  });

  it('refuses introspection first, then more and more queries, mutations last', () => {
    const { guard, admitted } = start(1_000);
    const seen = [];
    for (let second = 1; second <= 6; second++) {
      guard.sample(300, second * 1_000 + 10_000);
      seen.push([admitted('introspection'), admitted('query'), admitted('mutation')]);
    }
    expect(seen).toEqual([
      [100, 100, 100],
      [0, 75, 100],
      [0, 50, 100],
      [0, 25, 100],
      [0, 0, 100],
      [0, 0, 75],
    ]);
  });

  it('F50: a loop that was blocked for two seconds is seen at the next sample; the queries come back step by step', () => {
    const { guard, changes, admitted } = start(1_000);
    guard.sample(2_000, 10_000);
    expect([admitted('query'), changes]).toEqual([75, [true]]);
    guard.sample(0, 10_250);
    guard.sample(0, 11_300);
    expect([admitted('query'), changes]).toEqual([100, [true, false]]);
  });
});

describe('kindOfOperation', () => {
  it.each([
    ['POST', '/graphql', '{"query":"{ a }"}', 'query'],
    ['POST', '/graphql', '{"query":"mutation M { a }"}', 'mutation'],
    ['POST', '/graphql', '{"query" : " \\n mutation{ a }"}', 'mutation'],
    ['POST', '/graphql', '{"query":"{ mutation }"}', 'query'],
    ['POST', '/graphql', '{"query":"query I { __schema { types { name } } }"}', 'introspection'],
    ['POST', '/graphql', '{"query":"{ __typename }"}', 'query'],
    ['GET', '/graphql?query=%7B__schema%7Btypes%7Bname%7D%7D%7D', undefined, 'introspection'],
    ['GET', '/graphql?query=%', undefined, 'query'],
  ])('%s %s %s is %s', (method, url, body, kind) => {
    expect(kindOfOperation(method, url, body === undefined ? undefined : Buffer.from(body))).toBe(kind);
  });
});
