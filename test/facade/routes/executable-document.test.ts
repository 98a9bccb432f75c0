/** What is executed is plain GraphQL, valid against the API schema alone: nothing of the facade is left in it. */
import { parse, print, validate } from 'graphql';
import { describe, expect, it } from 'vitest';
import { openShop, schema } from '../bookshop.ts';

const { operations } = openShop().facade;
const textOf = (name: string) => print(operations.find((operation) => operation.name === name)!.document);

describe('the executed documents', () => {
  it.each(operations.map(({ name, document }) => ({ name, document })))(
    '$name is valid, printed and parsed again',
    ({ document }) => {
      const text = print(document);
      expect(validate(schema, parse(text))).toEqual([]);
      expect(text).not.toMatch(/@(?!include|skip)/);
    },
  );

  it('asks for key and version of the result of a union, beside what was selected', () => {
    expect(textOf('CreateBook')).toMatchInlineSnapshot(`
      "mutation CreateBook($input: BookInput!) {
        createBook(input: $input) {
          __typename
          ... on Book {
            ...BookFull
          }
          ... on DuplicateIsbn {
            message
            existing {
              id
            }
          }
          ... on Book {
            facade__id: id
            facade__version: version
          }
        }
      }

      fragment BookFull on Book {
        id
        isbn
        title
        year
        language
        genre
        price
        currency
        version
        authors {
          id
          name
        }
      }"
    `);
  });

  it('asks for nothing more of a collection', () => {
    expect(textOf('ListAuthors')).not.toContain('facade__');
  });
});
