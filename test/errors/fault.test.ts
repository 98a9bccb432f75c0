import { describe, expect, test } from 'vitest';
import { FaultsError, formatFault, sortFaults, type Fault } from '../../gateway/errors/fault.ts';

const sources = new Map([['catalog.graphql', 'type Query {\n  book(id: ID!): Bok\n}\n']]);
const range = { file: 'catalog.graphql', line: 2, column: 18, endLine: 2, endColumn: 21 };
const fault: Fault = { code: 'COMPOSITION_INVALID_SCHEMA', severity: 'error', message: 'Unknown type "Bok"' };

describe('formatFault', () => {
  test('with a place, a code frame and a hint', () => {
    expect(formatFault({ ...fault, range, hint: 'Did you mean "Book"?' }, sources)).toMatchInlineSnapshot(`
      "error[COMPOSITION_INVALID_SCHEMA] Unknown type "Bok"
        --> catalog.graphql:2:18
        1 | type Query {
      > 2 |   book(id: ID!): Bok
          |                  ^^^ Did you mean "Book"?
        3 | }
        4 |"
    `);
  });

  test('without a hint', () => {
    expect(formatFault({ ...fault, range }, sources)).toMatchInlineSnapshot(`
      "error[COMPOSITION_INVALID_SCHEMA] Unknown type "Bok"
        --> catalog.graphql:2:18
        1 | type Query {
      > 2 |   book(id: ID!): Bok
          |                  ^^^
        3 | }
        4 |"
    `);
  });

  test('without the text of the file', () => {
    expect(formatFault({ ...fault, range, hint: 'Did you mean "Book"?' })).toMatchInlineSnapshot(`
      "error[COMPOSITION_INVALID_SCHEMA] Unknown type "Bok"
        --> catalog.graphql:2:18
        Did you mean "Book"?"
    `);
  });

  test('without a place', () => {
    expect(formatFault({ ...fault, severity: 'warning', hint: 'From flag x' }, sources)).toMatchInlineSnapshot(`
      "warning[COMPOSITION_INVALID_SCHEMA] Unknown type "Bok"
        From flag x"
    `);
  });

  test('with a second place', () => {
    const related = [{ file: 'reviews.graphql', line: 7, column: 1, endLine: 7, endColumn: 2 }];
    expect(formatFault({ ...fault, range, related }, sources)).toMatchInlineSnapshot(`
      "error[COMPOSITION_INVALID_SCHEMA] Unknown type "Bok"
        --> catalog.graphql:2:18
        1 | type Query {
      > 2 |   book(id: ID!): Bok
          |                  ^^^
        3 | }
        4 |
        --> reviews.graphql:7:1"
    `);
  });
});

describe('sortFaults', () => {
  test('by file, line and column; faults without a place come last', () => {
    const at = (file: string, line: number, column: number): Fault => ({
      ...fault,
      range: { file, line, column, endLine: line, endColumn: column + 1 },
    });
    const sorted = [at('a', 1, 5), at('a', 2, 1), at('a', 10, 1), at('b', 1, 1), fault];
    expect(sortFaults(sorted.toReversed())).toEqual(sorted);
  });
});

describe('FaultsError', () => {
  test('says everything at once, and keeps the faults', () => {
    const error = new FaultsError([fault, { ...fault, message: 'Unknown type "Autor"' }]);
    expect(error.message).toMatchInlineSnapshot(`
      "error[COMPOSITION_INVALID_SCHEMA] Unknown type "Bok"

      error[COMPOSITION_INVALID_SCHEMA] Unknown type "Autor""
    `);
    expect(error.faults).toHaveLength(2);
    expect(error).toMatchObject({ name: 'FaultsError' });
  });
});
