/** docs/reference/rest-problems.md lists the problems the facade answers: each with its status and title, and no others. */
import { expect, test } from 'vitest';
import { problemTypes } from '../../gateway/facade/response/problem-types.ts';
import { readText } from './root.ts';

test('rest-problems.md names every problem type with its status and title', () => {
  const rows = [
    ...readText('docs/reference/rest-problems.md').matchAll(/^\| `([a-z-]+)` +\| (\d{3}) +\| ([^|]+?) +\|/gm),
  ];
  const listed = rows.map(([, name, status, title]) => [name, { status: Number(status), title }]);
  const expected = Object.entries(problemTypes).map(([name, { status, title }]) => [name, { status, title }]);
  expect(Object.fromEntries(listed)).toEqual(Object.fromEntries(expected));
  expect(listed.length).toBe(expected.length);
});
