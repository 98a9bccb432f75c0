import { CombinedGraphQLErrors } from '@apollo/client/errors';
import { describe, expect, it } from 'vitest';
import { explain, isMissing, readFormProblems } from '../../../web/storefront/problems.ts';

const failure = (...errors: readonly object[]) =>
  new CombinedGraphQLErrors({ data: null, errors: errors.map((error) => ({ message: 'Failed', ...error })) });
const invalid = (errors?: unknown) => failure({ extensions: { code: 'BAD_USER_INPUT', errors } });

describe('isMissing', () => {
  it('knows a part by the last name of the path of the error', () => {
    const error = failure({ path: ['books', 'nodes', 3, 'stock'] });
    expect(isMissing(error, 'stock')).toBe(true);
    expect(isMissing(error, 'rating')).toBe(false);
  });

  it('knows every part of a service that is down, whatever the path', () => {
    const error = failure({ path: ['book'], extensions: { service: 'reviews' } });
    expect((['authors', 'rating', 'reviews', 'stock'] as const).filter((part) => isMissing(error, part))).toEqual([
      'rating',
      'reviews',
    ]);
  });

  it('finds nothing missing in an answer without errors, or in none', () => {
    expect(isMissing(undefined, 'stock')).toBe(false);
    expect(isMissing(new TypeError('Failed to fetch'), 'stock')).toBe(false);
  });
});

describe('explain', () => {
  it('tells a shop that answers with errors from one that does not answer', () => {
    expect(explain(failure({}))).toContain('isn’t answering');
    expect(explain(new TypeError('Failed to fetch'))).toContain('can’t be reached');
  });
});

describe('readFormProblems', () => {
  const fields = ['rating', 'text', 'reader'];

  it('puts each text to the field its pointer, parameter or header names', () => {
    const error = invalid([
      { pointer: '/rating', detail: 'Expected 1 to 5' },
      { pointer: '#/text', detail: 'Too short' },
      { header: 'X-Reader', detail: 'Expected a name' },
    ]);
    expect(readFormProblems(error, fields)).toEqual({
      fields: { rating: 'Expected 1 to 5', text: 'Too short', reader: 'Expected a name' },
      form: [],
    });
  });

  it('shows what belongs to no field for the whole form', () => {
    expect(readFormProblems(invalid([{ pointer: '/bookId', detail: 'Unknown' }]), fields)?.form).toEqual(['Unknown']);
    expect(readFormProblems(failure({ extensions: { code: 'CONFLICT' } }), fields)?.form).toEqual(['Failed']);
  });

  it.each([[null], ['text'], [[null]], [[{}]], [{ pointer: '/text' }]])(
    'is not put off by errors of another shape: %j',
    (errors) => {
      expect(readFormProblems(invalid(errors), fields)).toEqual({ fields: {}, form: ['Failed'] });
    },
  );

  it('has nothing to say about errors that are not the visitor’s', () => {
    expect(readFormProblems(failure({ extensions: { code: 'UPSTREAM_UNREACHABLE' } }), fields)).toBeNull();
    expect(readFormProblems(new TypeError('Failed to fetch'), fields)).toBeNull();
  });
});
