import { parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { readGraphFacts } from '../../gateway/supergraph/read-graph-facts.ts';

const read = (...sdls: string[]) => readGraphFacts(sdls.map((sdl, i) => ({ name: `s${i}`, typeDefs: parse(sdl) })));

describe('facts of a graph', () => {
  it('knows who answers a field, and leaves out what is only named or depends on others', () => {
    const facts = read(
      'type Book @key(fields: "id") { id: ID! title: String price: Int }',
      'type Book @key(fields: "id") { id: ID! price: Int @external title: String @override(from: "s0") shipping: Int @requires(fields: "price") }',
    );
    expect([...facts.servicesOf('Book', 'id')]).toEqual(['s0', 's1']);
    expect([...facts.servicesOf('Book', 'price')]).toEqual(['s0']);
    expect([...facts.servicesOf('Book', 'title')]).toEqual(['s1']);
    expect([...facts.servicesOf('Book', 'shipping')]).toEqual([]);
    expect([...facts.servicesOf('Nothing', 'at')]).toEqual([]);
  });

  it('knows the keys of entities, under either name of the directive', () => {
    const facts = read(
      'type A @key(fields: "id owner { id }") { id: ID! } extend type B @federation__key(fields: "x") { x: ID! } type C { x: ID }',
    );
    expect([...facts.keysOf('A')]).toEqual(['id', 'owner']);
    expect([...facts.keysOf('B')]).toEqual(['x']);
    expect(facts.keysOf('C').size).toBe(0);
  });

  it('reads hints, and of several the narrower', () => {
    const facts = read(
      'type A @cacheControl(maxAge: 60, scope: PUBLIC) { x: Int @cacheControl(inheritMaxAge: true) y: Int }',
      'type A @cacheControl(maxAge: 5, scope: PRIVATE) { x: Int @cacheControl(maxAge: 7) }',
    );
    expect(facts.hintOfType('A')).toEqual({ maxAge: 5, scope: 'PRIVATE' });
    expect(facts.hintOfField('A', 'x')).toEqual({ maxAge: 7 });
    expect(facts.hintOfField('A', 'y')).toBeUndefined();
  });
});
