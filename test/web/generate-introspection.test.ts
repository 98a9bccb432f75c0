import { describe, expect, it } from 'vitest';
import { generateIntrospection } from '../../web/generate-introspection.ts';

describe('generateIntrospection', () => {
  it('writes the types of a schema, the same every time', () => {
    const sdl = 'type Query { book(id: ID!): Book } type Book { id: ID! title: String }';
    const text = generateIntrospection(sdl);
    expect(text).toBe(generateIntrospection(sdl));
    expect(text).toContain("'Book': { kind: 'OBJECT'; name: 'Book'");
    expect(text).toContain("query: 'Query'");
  });
});
