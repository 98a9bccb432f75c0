// What a mapping gives, computed from its text, against what the schema and the parts of a connector need (13.2).
import { describe, expect, test } from 'vitest';
import { faultsOf, pointedAt } from './faults-of.ts';

interface Written {
  readonly type?: string;
  readonly selection?: string;
  readonly more?: string;
  readonly version?: string;
  readonly http?: string;
}

const sdl = ({
  type = 'String',
  selection = '$.x',
  more = '',
  version = 'v0.4',
  http = 'GET: "/b"',
}: Written): string => `
extend schema @link(url: "https://specs.apollo.dev/connect/${version}", import: ["@source", "@connect"])
  @source(name: "a", http: { baseURL: "http://127.0.0.1:1" })
type Query { x(id: ID, l: [ID]): ${type} @connect(source: "a", http: { ${http} }, ${more} selection: """ ${selection} """) }
type Book { id: ID title: String year: Int price: Float sold: Boolean tags: [String] kind: Kind when: Date next: Book all: [Book] }
type Unused { kind: Kind when: Date }
enum Kind { NOVEL POEM }
scalar Date`;

const book = (selection: string): Written => ({ type: 'Book', selection });
const about = (faults: ReturnType<typeof faultsOf>) =>
  faults.filter(({ code }) => code.startsWith('INVALID_') || code.startsWith('GROUP_'));

const bad: readonly [name: string, written: Written, at: string, message: RegExp, hint?: string][] = [
  ['a text in a Boolean', book('sold: $("yes")'), '"yes"', /Book.sold is of type Boolean, and this gives string "yes"/],
  ['a joined text in a Boolean', book('sold: tags->joinNotNull(",")'), 'tags->joinNotNull(",")', /gives a string/],
  ['a word in an Int', book('year: "old"'), '"old"', /Book.year is of type Int/],
  ['a fraction in an Int', book('year: 1.5'), '1.5', /gives number "1.5"/],
  ['a word in a Float', book('price: ""'), '""', /Book.price is of type Float/],
  ['a boolean in an ID', book('id: x->eq(1)'), 'x->eq(1)', /Book.id is of type ID, and this gives a boolean/],
  ['a list in a String', book('title: tags->map(@)'), 'tags->map(@)', /gives a list/, '->first'],
  ['a list of entries in a String', book('title: x->entries?'), 'x->entries?', /gives a list/],
  [
    'one value in a list',
    book('tags: title->toString'),
    'title->toString',
    /is a list, and this gives a string/,
    '$([',
  ],
  [
    'a list where an object belongs',
    book('next: $([{ id }])'),
    '[{ id }]',
    /Book.next is of type Book, and this gives a list/,
  ],
  [
    'no value of an enum',
    book('kind: "NOVLE"'),
    '"NOVLE"',
    /Kind, which has no value "NOVLE"/,
    'Did you mean "NOVEL"?',
  ],
  ['a number in an enum', book('kind: x->size'), 'x->size', /enum Kind, and this gives a number/],
  ['one arm of a ->match', book('sold: s->match(["y", true], ["n", "no"], [@, null])'), '"no"', /Boolean/],
  ['the last of ??', book('year: y ?? "unknown"'), '"unknown"', /Int/],
  ['a value behind ->as', book('year: x->as($v)->echo("none")'), '"none"', /Int/],
  ['a field in a spread ->match', book('... s->match(["a", { sold: "x" }], [@, { id }])'), '"x"', /Book.sold/],
  ['a field of an item', { type: '[Book]', selection: '$.items { id next { year: "x" } }' }, '"x"', /Book.year/],
  ['the whole selection', { type: 'Boolean', selection: '$("no")' }, '"no"', /Query.x is of type Boolean/],
  ['one value for a list', { type: '[ID!]!', selection: '$status' }, '$status', /Query.x is a list/],
  ['a list in a URL', { http: 'GET: "/b/{$args.l->map(@)}"' }, '$args.l->map(@)', /expected a single value/],
  ['one arm of a URL', { http: `GET: "/b/{$args.id->match(['a', 'b'], [@, [1]])}"` }, '[1]', /gives a list/],
  [
    'a list in a header',
    { http: 'GET: "/b", headers: { name: "x", value: "{$args.l->filter(true)}" }' },
    '$args.l->filter(true)',
    /gives a list/,
  ],
  ['a text for a path', { http: `GET: "/b", path: "$('x')"` }, `"$('x')"`, /"path" gives a string, expected a list/],
  ['one arm of a path', { http: `GET: "/b", path: "$args.id->match(['a', []], [@, 'x'])"` }, "'x'", /expected a list/],
  [
    'a list for queryParams',
    { http: 'GET: "/b", queryParams: "$args.l->map(@)"' },
    '"$args.l->map(@)"',
    /expected an object/,
  ],
  [
    'isSuccess that may be a text',
    { more: `isSuccess: "$status->match([404, 'no'], [@, true])",` },
    "'no'",
    /expected a boolean/,
  ],
  [
    'isSuccess that may be a number',
    { more: 'isSuccess: "$.ok ?? 1",' },
    '1',
    /"isSuccess" gives a number, expected a boolean/,
  ],
  ['a message that is a number', { more: 'errors: { message: "$status" },' }, '"$status"', /"message" gives a number/],
  ['a message that may be a list', { more: 'errors: { message: "$.text ?? []" },' }, '[]', /"message" gives a list/],
];

const good: readonly [name: string, written: Written][] = [
  ['digits in a text', book('year: "12" price: " 1.5 " id: 7 title: 7')],
  ['a boolean or a number as a text', book('title: x->eq(1) id: x->size')],
  ['a number in a Boolean, a boolean in an Int', book('sold: x->size year: x->eq(1)')],
  ['texts that may be digits', book('year: x->joinNotNull("") price: x->toString')],
  ['null anywhere', book('kind: null year: x->match(["a", null], [@, 1]) next: null tags: null')],
  ['values of an enum', book('kind: k->match(["n", "NOVEL"], [@, "POEM"])')],
  ['any text in an enum', book('kind: k->trim')],
  ['anything in a scalar of the file', book('when: $([1, "x"])')],
  ['lists in lists', book('tags: $(["a"]) all: items->map({ id: @ })')],
  ['a list cut to one', book('title: tags->map(@)->first year: $([1, 2])->get(0)')],
  ['what comes out of the input', book('id title year price sold tags kind when next { id } all { id }')],
  ['keys of lists', book('tags: items.name year: items->first.year')],
  ['an operand that is never read', book('year: 1 ?? "x"')],
  ['objects', book('... x->match(["a", { id }], [@, null]) next: $({ id: 1 })')],
  ['$status and an object for a list item', { type: '[Book]', selection: 'id year: $status' }],
  ['a hole with a text', { http: `GET: "/b/{$args.id->match(['a', 1], [@, null])}"` }],
  ['queryParams of a match', { http: `GET: "/b", queryParams: "$args.id->match(['a', { b: 1 }], [@, {}])"` }],
];

describe('what a mapping gives', () => {
  test.each(bad)('%s is refused', (_name, written, at, message, hint = '') => {
    const text = sdl(written);
    const found = about(faultsOf(text));
    expect(
      found.map((fault) => pointedAt(text, fault)),
      JSON.stringify(found, null, 1),
    ).toEqual([at]);
    expect(found[0]).toMatchObject({ severity: 'error' });
    expect(found[0]!.message).toMatch(message);
    expect(found[0]!.hint ?? '').toContain(hint);
  });

  test.each(good)('%s is right', (_name, written) => {
    expect(about(faultsOf(sdl(written)))).toEqual([]);
  });

  test('is a warning below v0.4, where Apollo does not look at values', () => {
    const found = about(faultsOf(sdl({ ...book('sold: $("yes") kind: k->match(["a", "PEOM"])'), version: 'v0.3' })));
    expect(found).toMatchObject([
      { code: 'INVALID_SELECTION', severity: 'warning' },
      { code: 'INVALID_SELECTION', severity: 'warning', hint: 'Did you mean "POEM"?' },
    ]);
  });
});
