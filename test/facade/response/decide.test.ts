/** The decision table, row by row (facade.md, section 3.3 and 3.4, and the cases that are easy to get wrong). */
import { describe, expect, it } from 'vitest';
import { decide } from '../../../gateway/facade/response/decide.ts';
import { answerOf, book, facts, faults, request, routeOf, rows } from './decision-rows.ts';

describe('decide', () => {
  it('has routes to decide on', () => {
    expect(faults).toEqual([]);
  });

  it.each(rows.map((row) => ({ ...row, name: `${row.row}: ${row.operation} answers ${row.status}` })))(
    '$name',
    (row) => {
      const response = answerOf(row);
      expect({ status: response.status, body: response.body }).toMatchObject({ status: row.status });
      for (const [name, value] of Object.entries(row.headers ?? {})) {
        expect([name, response.headers[name]]).toEqual([name, value]);
      }
      if (row.body) expect(JSON.parse(String(response.body))).toMatchObject(row.body);
      if (row.status >= 500) {
        const { detail } = JSON.parse(String(response.body)) as { detail: string };
        expect(detail).not.toMatch(/Said the service|secret/);
      }
      if (row.status === 503 || row.status === 429) expect(response.headers['retry-after']).toMatch(/^[1-9]\d*$/);
    },
  );

  it('gives the same answer for the same input', () => {
    const [first, second] = [1, 2].map(() =>
      decide(routeOf('GetBook'), request, { state: 'executed', result: { data: { book } } }, facts),
    );
    expect(first).toEqual(second);
  });
});
