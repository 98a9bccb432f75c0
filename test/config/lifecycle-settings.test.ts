/** `facade.lifecycle`: windows are moments of UTC in order, pages are addresses or paths. */
import { expect, test } from 'vitest';
import { faultsOf, loadText } from './load-text.ts';

const withLifecycle = (text: string) => `services: { a: { schema: a.graphql } }\nfacade: { lifecycle: ${text} }\n`;

test('brown-outs are read as moments', () => {
  const text = '{ brownOuts: [{ version: v1, from: "2027-05-03T09:00:00Z", until: "2027-05-03T09:30:00Z" }] }';
  expect(loadText(withLifecycle(text)).settings.facade.lifecycle.brownOuts).toEqual([
    { version: 'v1', from: new Date('2027-05-03T09:00:00Z'), until: new Date('2027-05-03T09:30:00Z') },
  ]);
});

test('a window that ends before it begins, and a time that is not of UTC, are faults', () => {
  const backwards = '{ brownOuts: [{ version: v1, from: "2027-05-03T09:00:00Z", until: "2027-05-02T09:00:00Z" }] }';
  expect(faultsOf(withLifecycle(backwards))).toContain('expected an "until" after "from"');
  const local = '{ brownOuts: [{ version: v1, from: "2027-05-03T09:00:00", until: "2027-05-04T09:00:00Z" }] }';
  expect(faultsOf(withLifecycle(local))).toContain('expected a moment of UTC such as "2027-05-03T09:00:00Z"');
});

test('a page is an address or a path', () => {
  expect(faultsOf(withLifecycle('{ sunset: policies }'))).toContain('expected an address, or a path that starts with');
});
