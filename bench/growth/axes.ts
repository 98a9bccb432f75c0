/** What grows: each axis makes a query for each of its values, and says what else changes. */
import { FIELDS, fieldName, SERVICES } from './services.ts';

export interface Load {
  readonly query: string;
  readonly connections: number;
  /** Queries that are asked once before, so that the gateway keeps them. */
  readonly before?: readonly string[];
}

export interface Axis {
  readonly name: string;
  readonly values: readonly number[];
  readonly load: (value: number) => Load;
}

const doubling = (from: number, to: number): number[] => {
  const values = [from];
  while (values.at(-1)! < to) values.push(values.at(-1)! * 2);
  return values;
};

const fieldsOf = (service: number, count = FIELDS): string =>
  Array.from({ length: count }, (_, index) => fieldName(service, index)).join(' ');

const chain = (length: number): string =>
  Array.from({ length }, (_, index) => `{ id step${index}`).join(' ') + ' { id }' + ' }'.repeat(length);

export const axes: readonly Axis[] = [
  {
    ...{ name: 'items in the answer, of one service (8 fields each)', values: doubling(16, 2048) },
    load: (count) => ({ query: `{ items(count: ${count}) { ${fieldsOf(0)} } }`, connections: 4 }),
  },
  {
    ...{ name: 'entities from a second service', values: doubling(16, 2048) },
    load: (count) => ({ query: `{ items(count: ${count}) { id ${fieldName(1, 0)} } }`, connections: 4 }),
  },
  {
    ...{ name: 'services side by side (20 entities each)', values: [1, 2, 3, 4, 5, 6, 7] },
    load: (count) => {
      const fields = Array.from({ length: count }, (_, index) => fieldName(index + 1, 0)).join(' ');
      return { query: `{ items(count: 20) { ${fields} } }`, connections: 4 };
    },
  },
  {
    ...{ name: 'services one after the other', values: Array.from({ length: SERVICES }, (_, index) => index + 1) },
    load: (length) => ({ query: `{ chain ${chain(length)} }`, connections: 4 }),
  },
  {
    ...{ name: 'operations kept', values: doubling(1, 512) },
    load: (count) => ({
      query: `{ items(count: 20) { ${fieldsOf(0)} ${fieldName(1, 0)} } }`,
      connections: 4,
      before: Array.from({ length: count - 1 }, (_, index) => `{ other${index}: items(count: 20) { id } }`),
    }),
  },
  {
    ...{ name: 'connections', values: doubling(1, 256) },
    load: (connections) => ({ query: `{ items(count: 20) { ${fieldsOf(0)} ${fieldName(1, 0)} } }`, connections }),
  },
];
