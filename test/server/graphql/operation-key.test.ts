/** What makes two requests equal: their bytes, or what these mean, and always who asks. */
import { describe, expect, it } from 'vitest';
import { createOperationKey } from '../../../gateway/server/graphql/operation-key.ts';
import { readGraphqlBody } from '../../../gateway/server/graphql/read-body.ts';

const readKey = createOperationKey(['x-tenant'], (name) => name.startsWith('x-sent-'));

function keyOf(body: string | Buffer, headers: Record<string, string | string[]> = {}) {
  const request = { method: 'POST', url: '/graphql', headers, body: Buffer.from(body) };
  const key = readKey(request);
  const read = readGraphqlBody(request);
  return { ...key, meaning: read.kind === 'read' ? key?.meaning(read.value) : undefined, seen: key?.headers() };
}

const withVariables = (variables: string) => `{"query":"query($a: In) { x }","variables":${variables}}`;

describe('what a body means', () => {
  const equal: Record<string, readonly [string, string]> = {
    'the order of variables': [
      '{"a":{"b":1,"c":[1,{"d":2,"e":3}]},"f":4}',
      '{"f":4,"a":{"c":[1,{"e":3,"d":2}],"b":1}}',
    ],
    'white space': ['{"a":1}', ' { "a" : 1 } '],
    'escapes in a string': ['{"a":"é"}', '{"a":"\\u00e9"}'],
    'the way a number is written': ['{"a":100}', '{"a":1e2}'],
  };
  it.each(Object.entries(equal))('does not depend on %s', (_, [one, other]) => {
    const [a, b] = [keyOf(withVariables(one)), keyOf(withVariables(other))];
    expect(a.meaning).toBe(b.meaning);
    expect(a.text).not.toBe(b.text);
  });

  const different: Record<string, readonly [string, string]> = {
    'another value': ['{"a":1}', '{"a":2}'],
    'the order of a list': ['{"a":[1,2]}', '{"a":[2,1]}'],
    'null and nothing': ['{"a":null}', '{}'],
    'null and a number that is too large': ['{"a":null}', '{"a":1e999}'],
    'a number and its text': ['{"a":1}', '{"a":"1"}'],
    'members and items': ['{"a":{"0":1}}', '{"a":[1]}'],
    'a member called __proto__ and none': ['{"__proto__":{"a":1}}', '{}'],
  };
  it.each(Object.entries(different))('differs by %s', (_, [one, other]) => {
    expect(keyOf(withVariables(one)).meaning).not.toBe(keyOf(withVariables(other)).meaning);
  });

  it('is made of no body that is large', () => {
    expect(keyOf(withVariables(`{"a":"${'x'.repeat(20_000)}"}`)).meaning).toBeUndefined();
  });

  it('is never the text of another request', () => {
    const { meaning } = keyOf('{"query":"{ x }"}');
    const body = meaning!.slice(meaning!.indexOf('{'));
    expect(keyOf(body).text).not.toBe(meaning);
    expect(keyOf(Buffer.from(meaning!, 'latin1')).text).not.toBe(meaning);
  });
});

describe('who asks', () => {
  it.each(['authorization', 'cookie', 'x-api-key', 'x-tenant', 'x-sent-on'])('is told apart by %s', (name) => {
    const keys = [{ [name]: 'a' }, { [name]: 'b' }, {}].map((headers) => keyOf('{}', headers));
    expect(new Set(keys.map(({ text }) => text)).size).toBe(3);
    expect(new Set(keys.map(({ meaning }) => meaning)).size).toBe(3);
    expect(keys.map(({ seen }) => seen?.[name])).toEqual(['a', 'b', undefined]);
  });

  it('is not told apart by a header that nothing reads, and what is executed does not see it', () => {
    const one = keyOf('{}', { 'user-agent': 'a' });
    expect(one.text).toBe(keyOf('{}', { 'user-agent': 'b' }).text);
    expect(one.seen).toEqual({});
  });

  it('is the same however the headers are ordered', () => {
    const [a, b] = [
      { cookie: 'c', 'x-tenant': 't' },
      { 'x-tenant': 't', cookie: 'c' },
    ].map((headers) => keyOf('{}', headers).meaning);
    expect(a).toBe(b);
  });

  it('is told apart by where a value ends and how many there are', () => {
    const texts = [
      { cookie: ['a', 'b'] },
      { cookie: 'a,b' },
      { cookie: 'a', 'x-tenant': 'b' },
      { cookie: 'a\0x-tenant' },
    ].map((headers: Record<string, string | string[]>) => keyOf('{}', headers).text);
    expect(new Set(texts).size).toBe(4);
  });
});

it('a request for debug data has no key', () => {
  const headers = { 'apollo-expose-query-plan': 'true' };
  expect(readKey({ method: 'POST', url: '/graphql', headers, body: undefined })).toBeUndefined();
});
