/**
 * What a compiled mapping costs against JavaScript written by hand for the same task: 10,000 objects of 20 fields, of which
 * 8 are selected, with one nesting and one method. Prints the ratios of CPU time and of allocated bytes.
 *
 * node --expose-gc --import tsx --conditions=source bench/connectors-mapping.ts
 */
import { compileMapping } from '../gateway/connectors/mapping/compile.ts';
import { parseMapping } from '../gateway/connectors/mapping/parser.ts';
import type { Value, ValueObject } from '../gateway/connectors/mapping/value.ts';

const count = 10_000;
const rounds = 60;
const targets = { cpu: 2.5, allocation: 1.5 };

const text =
  'items { id title year price name: author.name tags: tags->joinNotNull(", ") publisher { id city } pages }';

function makeInput(): Value {
  const items = Array.from({ length: count }, (_, index): ValueObject => {
    const item: ValueObject = { id: index, title: `Title ${index}`, year: 1900 + (index % 120), price: index / 100 };
    item['author'] = { id: index, name: `Author ${index}`, born: 1850 };
    item['tags'] = ['a', null, `t${index}`];
    item['publisher'] = { id: index % 50, city: 'Paris', country: 'FR' };
    item['pages'] = 100 + (index % 500);
    for (let extra = Object.keys(item).length; extra < 20; extra += 1) item[`field${extra}`] = extra;
    return item;
  });
  return { items };
}

interface Item {
  readonly id: number;
  readonly title: string;
  readonly year: number;
  readonly price: number;
  readonly author: { readonly name: string };
  readonly tags: readonly (string | null)[];
  readonly publisher: { readonly id: number; readonly city: string };
  readonly pages: number;
}

const byHand = (input: Value): Value => ({
  items: (input as unknown as { items: Item[] }).items.map((item) => ({
    id: item.id,
    title: item.title,
    year: item.year,
    price: item.price,
    name: item.author.name,
    tags: item.tags.filter((tag) => tag !== null).join(', '),
    publisher: { id: item.publisher.id, city: item.publisher.city },
    pages: item.pages,
  })),
});

interface Cost {
  readonly cpuMs: number;
  readonly bytes: number;
}

const cpuMsOf = (run: () => Value): number => {
  const before = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
};

/** Bytes of one run without a collection in between. */
function bytesOf(run: () => Value): number {
  const allocations = Array.from({ length: 15 }, () => {
    globalThis.gc?.();
    const before = process.memoryUsage().heapUsed;
    run();
    return process.memoryUsage().heapUsed - before;
  });
  return median(allocations.filter((bytes) => bytes > 0));
}

/** In turns, so that a noisy machine hits both: the medians of each, and of the ratios of the pairs. */
function compare(first: () => Value, second: () => Value): { first: Cost; second: Cost; cpu: number } {
  const pairs: [number, number][] = [];
  for (let round = 0; round < 30 + rounds; round += 1) {
    const pair: [number, number] = [cpuMsOf(first), cpuMsOf(second)];
    if (round >= 30) pairs.push(pair);
  }
  const cost = (run: () => Value, index: 0 | 1): Cost => ({
    cpuMs: median(pairs.map((pair) => pair[index])),
    bytes: bytesOf(run),
  });
  return { first: cost(first, 0), second: cost(second, 1), cpu: median(pairs.map(([a, b]) => b / a)) };
}

const median = (numbers: readonly number[]): number =>
  numbers.toSorted((a, b) => a - b)[numbers.length >> 1] ?? Number.NaN;

const input = makeInput();
const mapping = compileMapping(parseMapping(text, '0.4'));
if (JSON.stringify(mapping(input).value) !== JSON.stringify(byHand(input)))
  throw new Error('The two give different results');

const {
  first: hand,
  second: mapped,
  cpu,
} = compare(
  () => byHand(input),
  () => mapping(input).value ?? null,
);
const ratio = { cpu, allocation: mapped.bytes / hand.bytes };
const show = ({ cpuMs, bytes }: Cost): string => `${cpuMs.toFixed(2)} ms, ${(bytes / 1024 / 1024).toFixed(2)} MiB`;
console.log(`by hand    ${show(hand)}`);
console.log(`mapping    ${show(mapped)}`);
console.log(`cpu        ${ratio.cpu.toFixed(2)} times (target ${targets.cpu})`);
console.log(`allocation ${ratio.allocation.toFixed(2)} times (target ${targets.allocation})`);
