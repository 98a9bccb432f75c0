/**
 * Selections nobody would write, in files that are otherwise right: whatever the text, a file loads or is refused with faults
 * that have a place, and what loads answers whatever comes. 2,000 texts in each run; TRIBUTARY_FUZZ_RUNS=100000 for a night.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compileMapping } from '../../../gateway/connectors/mapping/compile.ts';
import { methods } from '../../../gateway/connectors/mapping/methods/index.ts';
import { parseMapping } from '../../../gateway/connectors/mapping/parser.ts';
import { MappingSyntaxFault } from '../../../gateway/connectors/mapping/syntax-fault.ts';
import type { Value } from '../../../gateway/connectors/mapping/value.ts';
import type { MappingVersion } from '../../../gateway/connectors/mapping/versions.ts';
import { createConnectorSubgraph, type ConnectorSubgraph } from '../../../gateway/connectors/index.ts';
import { FaultsError } from '../../../gateway/errors/fault.ts';
import { readRecordedAnswer, type CallUpstream } from '../../../gateway/upstream/index.ts';

const numRuns = Number(process.env['TRIBUTARY_FUZZ_RUNS'] ?? 2000);
/** A whole file costs as much as a hundred texts. */
const fileRuns = Math.ceil(numRuns / 10);
const timeoutMs = 60_000 + numRuns * 10;

// --- texts -----------------------------------------------------------------------------------------------------------

const word = fc.constantFrom(
  'id',
  'title',
  'author',
  '__typename',
  '__proto__',
  'constructor',
  '"odd key"',
  'true',
  '$',
  '@',
);
const variable = fc.constantFrom('$args', '$this', '$status', '$response.headers.etag', '$config', '$nope', '$batch');

/** By the grammar: nearly right, with every construct of the language, names that are and are not there. */
const { grammatical } = fc.letrec<{ grammatical: string; item: string; value: string; step: string }>((tie) => ({
  grammatical: fc
    .array(tie('item'), { maxLength: 5 })
    .chain((items) => fc.constantFrom(items.join(' '), items.join(', '))),
  item: fc.oneof(
    { maxDepth: 4 },
    word,
    fc.tuple(word, tie('value')).map((parts) => parts.join(': ')),
    tie('value').map((value) => `... ${value}`),
    fc.tuple(word, tie('grammatical')).map(([name, inner]) => `${name} { ${inner} }`),
    fc.tuple(word, tie('grammatical')).map(([name, inner]) => `${name}: { ${inner} }`),
  ),
  value: fc.oneof(
    { maxDepth: 4 },
    word,
    variable,
    fc.constantFrom('1', '- 2.5', '"x"', 'null', '[1, 2]', '{ a: 1 }', '9007199254740993'),
    fc.tuple(tie('value'), fc.array(tie('step'), { maxLength: 3 })).map(([value, steps]) => value + steps.join('')),
    tie('value').map((value) => `$(${value})`),
    fc.tuple(tie('value'), fc.constantFrom(' ?? ', ' ?! ', ' + ', ' == '), tie('value')).map((parts) => parts.join('')),
    fc.array(tie('value'), { maxLength: 3 }).map((values) => `[${values.join(', ')}]`),
  ),
  step: fc.oneof(
    { maxDepth: 4 },
    word.map((key) => `.${key}`),
    fc.constantFrom('?', '[0]', '.length', '->as($v)', '->'),
    fc
      .tuple(fc.constantFrom(...methods.keys(), 'frist'), fc.array(tie('value'), { maxLength: 2 }))
      .map(([name, values]) => `->${name}(${values.join(', ')})`),
    tie('grammatical').map((inner) => ` { ${inner} }`),
  ),
}));

/** By the byte: any bytes, read as UTF-8 the way a file is. */
const bytes = fc.uint8Array({ maxLength: 60 }).map((array) => Buffer.from(array).toString('utf8'));

/** A right text with a few bytes changed, dropped or doubled: the mistakes of fingers. */
const damaged = fc
  .tuple(
    grammatical,
    fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 }), fc.nat({ max: 2 })), { minLength: 1, maxLength: 4 }),
  )
  .map(([text, changes]) => {
    const array = [...Buffer.from(text)];
    for (const [at, byte, kind] of changes) {
      const index = at % (array.length + 1);
      if (kind === 0) array[index] = byte;
      else if (kind === 1) array.splice(index, 1);
      else array.splice(index, 0, array[index] ?? byte);
    }
    return Buffer.from(array).toString('utf8');
  });

/** Mostly right: such files load, so that what runs them is tried too. */
const mild = fc
  .tuple(
    fc.constantFrom(
      '$',
      '$args.id',
      '$status',
      'title',
      'a: $args.id',
      'title: author',
      'id: $',
      '$("x")',
      '$([1, "b"])',
    ),
    fc.array(
      fc.tuple(
        fc.constantFrom(...methods.keys()),
        fc.constantFrom('', '()', '(1)', '("x")', '(@)', '([1, @])', '(@->eq(1))'),
      ),
      { maxLength: 3 },
    ),
  )
  .map(([start, calls]) => start + calls.map(([name, args]) => `->${name}${args}`).join(''));

const selection = fc.oneof(grammatical, damaged, bytes);
const version = fc.constantFrom<MappingVersion>('0.1', '0.2', '0.3', '0.4-preview', '0.4');

// --- what may come of them -------------------------------------------------------------------------------------------

const answers = [
  '',
  'null',
  '[]',
  '{"id":1,"title":"x","author":{"id":2}}',
  '[{"id":1},[{"id":null}],3]',
  '"text"',
  '1e400',
];
const hostile = '{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}},"id":9007199254740993}';

function load(sdl: string, callUpstream: CallUpstream): ConnectorSubgraph | undefined {
  try {
    return createConnectorSubgraph({ name: 'fuzz', file: 'fuzz.graphql', sdl, settings: {}, callUpstream });
  } catch (error) {
    if (!(error instanceof FaultsError)) throw error;
    expect(error.faults.length).toBeGreaterThan(0);
    const lines = sdl.split(/\r\n|\n|\r/).length;
    for (const { code, message, range } of error.faults) {
      expect(code).toMatch(/^[A-Z_0-9]+$/);
      expect(message).not.toBe('');
      expect(range?.line).toBeGreaterThanOrEqual(1);
      expect(range?.endLine).toBeLessThanOrEqual(lines);
    }
    return undefined;
  }
}

const fileWith = (text: string, link: string, place: string): string => {
  const written = JSON.stringify(text);
  const parts: Record<string, string> = {
    selection: `http: { GET: "/{$args.id}" }, selection: ${written}`,
    body: `http: { POST: "/", body: ${written} }, selection: "id title"`,
    url: `http: { GET: ${JSON.stringify(`/{${text}}`)} }, selection: "id title"`,
    queryParams: `http: { GET: "/", queryParams: ${written} }, selection: "id title"`,
    isSuccess: `http: { GET: "/" }, isSuccess: ${written}, selection: "id title"`,
    errors: `http: { GET: "/" }, errors: { message: ${written}, extensions: ${written} }, selection: "id title"`,
  };
  return `extend schema
    @link(url: "https://specs.apollo.dev/connect/${link}", import: ["@source", "@connect"])
    @source(name: "a", http: { baseURL: "http://fuzz.example" })
  type Query {
    book(id: ID!): Book @connect(source: "a", ${parts[place]})
    all: Book @connect(source: "a", http: { GET: "/" }, selection: "id title constructor author { id }")
  }
  type Book { id: ID title: String constructor: String author: Book }`;
};

describe(`selections from a fuzzer (${numRuns})`, () => {
  test(
    'a text parses and prints problems, or is a fault with a place; nothing else',
    () => {
      const property = fc.property(selection, version, fc.constantFrom(...answers, hostile), (text, of, answer) => {
        let evaluate;
        try {
          evaluate = compileMapping(parseMapping(text, of));
        } catch (error) {
          expect(error).toBeInstanceOf(MappingSyntaxFault);
          return;
        }
        const input = (answer === '' ? null : JSON.parse(answer)) as Value;
        const { problems } = evaluate(input, { $args: { id: '1' }, $status: 200 });
        for (const { span } of problems) expect(span.end).toBeLessThanOrEqual(text.length);
      });
      fc.assert(property, { numRuns });
      expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    },
    timeoutMs,
  );

  test(
    'a file with the text in any of its parts loads, or is refused with places; what loads answers',
    async () => {
      let body = '';
      let loaded = 0;
      const callUpstream: CallUpstream = (request) =>
        readRecordedAnswer(request, { status: body.length % 5 === 4 ? 500 : 200, headers: {}, text: body });
      const place = fc.constantFrom('selection', 'selection', 'body', 'url', 'queryParams', 'isSuccess', 'errors');
      const link = fc.constantFrom('v0.2', 'v0.3', 'v0.4');
      const property = fc.asyncProperty(
        ...[fc.oneof(selection, mild), link, place, fc.constantFrom(...answers, hostile, '{"id":', '<html>')],
        async (text, of, where, answer) => {
          const subgraph = load(fileWith(text, of, where), callUpstream);
          if (!subgraph) return;
          loaded += 1;
          body = answer;
          const call = { signal: new AbortController().signal, deadlineAt: Infinity, identity: '', requestId: 'f' };
          const context = { call, requestHeaders: {}, entries: {}, operation: new Map<unknown, unknown>() };
          const result = await subgraph.trials[0]!.run({ args: { id: '1' } }, context);
          if (result.kind === 'error') expect(result.extensions['code']).not.toBe('INTERNAL_SERVER_ERROR');
        },
      );
      await fc.assert(property, { numRuns: fileRuns });
      expect(loaded).toBeGreaterThan(fileRuns / 50);
      expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    },
    timeoutMs,
  );
});
