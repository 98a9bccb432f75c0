// XML as a value and the tolerant reader: rows X1 to X12 of connectors.md 3.9, and what lies around them.
import { parse, type ObjectTypeDefinitionNode } from 'graphql';
import { describe, expect, test } from 'vitest';
import { compileMapping } from '../../../gateway/connectors/mapping/compile.ts';
import { parseMapping } from '../../../gateway/connectors/mapping/parser.ts';
import { bodyValue } from '../../../gateway/connectors/runtime/response.ts';
import { FaultSink } from '../../../gateway/connectors/spec/fault-sink.ts';
import { readReads } from '../../../gateway/connectors/spec/read-reads.ts';
import { SdlSource } from '../../../gateway/connectors/spec/sdl-source.ts';
import { FaultsError } from '../../../gateway/errors/fault.ts';
import type { CallUpstream, UpstreamBody } from '../../../gateway/upstream/upstream-call.ts';
import { head, loadSubgraph } from '../harness.ts';

const a = '<catalog><book><title>XML</title></book></catalog>';
const b = '<catalog><content><book><title>XML</title></book></content></catalog>';

const bodyOf = (body: unknown): UpstreamBody =>
  typeof body === 'string' ? { kind: 'xml', text: body } : { kind: 'json', value: body as never };

const answering =
  (body: unknown): CallUpstream =>
  () =>
    Promise.resolve({ status: 200, headers: {}, body: bodyOf(body) });

const title = '@tributaryRead(name: "title", path: "//book/title")';

/** The mapped value of a body, read as a connector with these directives reads it. */
function run(body: unknown, reads: string, selection: string) {
  const sdl = `type Query { x: Int ${reads} }`;
  const [query] = parse(sdl).definitions as readonly [ObjectTypeDefinitionNode];
  const faults = new FaultSink(new SdlSource('shop.graphql', sdl));
  const read = readReads(query.fields![0]!.directives!, faults);
  expect(faults.faults).toEqual([]);
  const value = bodyValue({ body: bodyOf(body) }, read);
  return compileMapping(parseMapping(selection, '0.3'))(value).value;
}

describe('the rows', () => {
  test.each([
    ['X1', a, title, 'title', { title: 'XML' }],
    ['X2', b, title, 'title', { title: 'XML' }],
    ['X3', a, '@tributaryRead(name: "title", path: "/catalog/book/title")', 'title', { title: 'XML' }],
    ['X4', b, '@tributaryRead(name: "title", path: "/catalog/book/title")', 'title', {}],
    ['X5', a, '', 'catalog.book.title', 'XML'],
    ['X6', '<b id="7"><t>A</t><t>B</t></b>', '', '$', { b: { '@id': '7', t: ['A', 'B'] } }],
    ['X7', '<b id="7">A</b>', '', '$', { b: { '@id': '7', '#text': 'A' } }],
    [
      'X8',
      b,
      '@tributaryRead(name: "books", path: "//book", many: true) @tributaryRead(name: "t", in: "books", path: "title")',
      'books { t }',
      { books: [{ t: 'XML' }] },
    ],
    ['X9', '<n:a xmlns:n="u"><n:b/></n:a>', '@tributaryRead(name: "b", path: "//b")', 'b', { b: '' }],
    ['X11', { catalog: { content: { book: { title: 'XML' } } } }, title, 'title', { title: 'XML' }],
    [
      'X12',
      { books: [{ t: 'A' }, { t: 'B' }] },
      '@tributaryRead(name: "ts", path: "//t", many: true)',
      'ts',
      { ts: ['A', 'B'] },
    ],
  ])('%s', (_row, body, reads, selection, expected) => {
    expect(run(body, reads, selection)).toEqual(expected);
  });

  test.each([
    ['X10', '<!DOCTYPE a [<!ENTITY e "x">]><a>&e;</a>'],
    ['X10 behind a declaration and a comment', '<?xml version="1.0"?><!-- c --> <!doctype a><a/>'],
    ['a document that is not well-formed', '<a><b></a>'],
    ['no element at all', '  '],
    ['an element that is named like the prototype', '<a><__proto__>1</__proto__></a>'],
  ])('%s is refused with the status, and nothing of the body', async (_row, body) => {
    const sdl = `${head('0.3')} type Query { x: String @connect(source: "a", http: { GET: "/" }, selection: "$.a") }`;
    const { errors } = await loadSubgraph(sdl, 'http://127.0.0.1:1', {}, answering(body)).query('{ x }');
    const [error] = errors!;
    expect(error).toMatchObject({ extensions: { code: 'UPSTREAM_INVALID_RESPONSE', http: { status: 200 } } });
    expect(JSON.stringify(error)).not.toContain('<a');
  });
});

describe('XML as a value', () => {
  test.each([
    ['<a>0012</a>', { a: '0012' }],
    ['<a xmlns:xsi="x" xsi:nil="true"/>', { a: null }],
    ['<a t="&lt;&#65;&#x42;">x &amp; y <![CDATA[&amp;]]></a>', { a: { '@t': '<AB', '#text': 'x & y &amp;' } }],
    ['<a>&unknown;</a>', { a: '&unknown;' }],
    ['<a> x <b/> y </a>', { a: { b: '', '#text': 'x  y' } }],
    ['<?xml version="1.0"?><p:a><q:b c:d="1"/></p:a>', { a: { b: { '@d': '1' } } }],
  ])('%s', (text, expected) => {
    const value = run(text, '', '$');
    expect(JSON.stringify(value)).toBe(JSON.stringify(expected));
  });
});

describe('a read', () => {
  const list = '<l><i id="1"><n>A</n></i><g><i id="2"><n>B</n><i id="3"/></i></g><i id="4"/></l>';
  const many = (path: string) => `@tributaryRead(name: "v", path: "${path}", many: true)`;

  test.each([
    ['//i/@id', ['1', '2', '3', '4']],
    ['/l/i/@id', ['1', '4']],
    ['/l/*/n/text()', ['A']],
    ['//n/text()', ['A', 'B']],
    ['//@id', ['1', '2', '3', '4']],
    ['//i//@id', ['1', '2', '3', '4']],
    ['/nothing', []],
  ])('%s finds in document order, each once', (path, expected) => {
    expect(run(list, many(path), 'v')).toEqual({ v: expected });
  });

  test('goes on inside the matches of another, in deeper ones too', () => {
    const reads = `@tributaryRead(name: "x", in: "g.i", path: "n") @tributaryRead(name: "i", in: "g", path: "//i")
      @tributaryRead(name: "g", path: "//g")`;
    expect(run(list, reads, 'g')).toEqual({ g: { i: { x: 'B' } } });
  });

  test('is seen by isSuccess and errors, and left out for an empty body', async () => {
    const sdl = `${head('0.3')} type Query { x: String @connect(source: "a", http: { GET: "/" }, selection: "$.v",
      isSuccess: "$.v->eq('ok')", errors: { message: "$.v" }) @tributaryRead(name: "v", path: "//v") }`;
    const ask = (body: unknown) => loadSubgraph(sdl, 'http://127.0.0.1:1', {}, answering(body)).query('{ x }');
    expect(await ask('<a><v>ok</v></a>')).toEqual({ data: { x: 'ok' } });
    expect((await ask('<a><v>wrong</v></a>')).errors?.[0]?.message).toBe('wrong');
  });

  test.each(['', '//', 'a[1]', 'a/@b/c', 'text()/a', 'a/..', 'count(a)', 'a///b', 'ancestor::a'])(
    'refuses the path "%s"',
    (path) => {
      const sdl = `${head('0.3')} type Query { x: String @connect(source: "a", http: { GET: "/" }, selection: "$.v")
        @tributaryRead(name: "v", path: "${path}") }`;
      expect(() => loadSubgraph(sdl, 'http://127.0.0.1:1')).toThrow(FaultsError);
    },
  );

  test('refuses an unknown "in" and a name given twice', () => {
    const sdl = (reads: string) => `${head('0.3')} type Query {
      x: String @connect(source: "a", http: { GET: "/" }, selection: "$.v") ${reads} }`;
    const one = '@tributaryRead(name: "v", path: "a")';
    expect(() => loadSubgraph(sdl(`${one} ${one}`), 'http://127.0.0.1:1')).toThrow(/Two reads are named "v"/);
    expect(() => loadSubgraph(sdl(one.replace(')', ', in: "w")')), 'http://127.0.0.1:1')).toThrow(
      /There is no read "w"/,
    );
  });
});
