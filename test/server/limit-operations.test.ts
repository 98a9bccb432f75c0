import { buildSchema, parse, validate } from 'graphql';
import { describe, expect, it } from 'vitest';
import { limitOperations } from '../../gateway/server/graphql/limit-operations.ts';

const schema = buildSchema('type Query { me: User, name: String } type User { friend: User, name: String }');
const check = (query: string): string[] =>
  validate(schema, parse(query), [limitOperations({ depth: 5, fields: 20 })]).map(({ message }) => message);

describe('limitOperations', () => {
  it('lets a query within the limits pass', () => {
    expect(check('{ me { friend { friend { friend { name } } } } }')).toEqual([]);
  });

  it('refuses one level too many', () => {
    expect(check('{ me { friend { friend { friend { friend { name } } } } } }')).toEqual([
      'The query is nested deeper than 5 levels',
    ]);
  });

  it('counts the levels of fragments', () => {
    const fragment = 'fragment F on User { friend { friend { name } } }';
    expect(check(`{ me { friend { ...F } } } ${fragment}`)).toEqual([]);
    expect(check(`{ me { friend { friend { ...F } } } } ${fragment}`)).toHaveLength(1);
  });

  it('counts aliases as fields', () => {
    const aliases = Array.from({ length: 21 }, (_, i) => `a${i}: name`).join(' ');
    expect(check(`{ ${aliases} }`)).toEqual(['The query asks for more than 20 fields']);
  });

  it('counts a fragment as often as it is spread, without walking it again', () => {
    const fragments = Array.from({ length: 40 }, (_, i) => `fragment F${i} on User { ...F${i + 1} ...F${i + 1} }`).join(
      ' ',
    );
    expect(check(`{ me { ...F0 } } ${fragments} fragment F40 on User { name }`)).toEqual([
      'The query asks for more than 20 fields',
    ]);
  });

  it('refuses a fragment inside itself instead of walking it for ever', () => {
    expect(check('{ me { ...F } } fragment F on User { friend { ...F } }')).toEqual([
      'The query is nested deeper than 5 levels',
    ]);
  });
});
