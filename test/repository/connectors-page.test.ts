/** docs/reference/connectors.md: every example is run, every method has one, and the suites of the page pass. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { main } from '../../gateway/cli/main.ts';
import { compileMapping } from '../../gateway/connectors/mapping/compile.ts';
import { collectMethods } from '../../gateway/connectors/mapping/method-uses.ts';
import { methods } from '../../gateway/connectors/mapping/methods/index.ts';
import { parseMapping } from '../../gateway/connectors/mapping/parser.ts';
import { MappingSyntaxFault } from '../../gateway/connectors/mapping/syntax-fault.ts';
import type { Value } from '../../gateway/connectors/mapping/value.ts';
import type { MappingVersion } from '../../gateway/connectors/mapping/versions.ts';
import { readText } from './root.ts';

const page = readText('docs/reference/connectors.md');
const input = JSON.parse(/```json\n([\s\S]*?)```/.exec(page)![1]!) as Value;
const head = /```graphql\n(extend schema[\s\S]*?)```/.exec(page)![1]!;
const folder = mkdtempSync(join(tmpdir(), 'tributary-connectors-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function run(...args: string[]): Promise<string> {
  let text = '';
  const write = (line: string) => void (text += `${line}\n`);
  const exitCode = await main(args, { out: write, err: write, env: {} });
  return `exit code ${exitCode}\n${text}`;
}

interface Row {
  readonly version: MappingVersion;
  readonly mapping: string;
  readonly result: string;
  /** Stands below "From v0.3 on". */
  readonly isNew: boolean;
}

const tables = /(From v\S+ on:\n+)?<!-- mappings (\S+) -->\n+((?:\|.*\n)+)/g;
const rows = [...page.matchAll(tables)].flatMap(([, isNew, version, table]) =>
  [...table!.matchAll(/^\| `(.*?)` +\| `(.*?)` +\|$/gm)].map(([, mapping, result]): Row => ({
    version: version as MappingVersion,
    mapping: mapping!,
    result: result!,
    isNew: isNew !== undefined,
  })),
);

describe('mappings of the page', () => {
  test('are all found', () => {
    const lines = page.split('\n').filter((line) => line.startsWith('| `') && / \| `[{"]/.test(line));
    expect(rows).toHaveLength(lines.length);
  });

  test.each(rows)('$version: $mapping gives $result', ({ version, mapping, result }) => {
    expect(compileMapping(parseMapping(mapping, version))(input).value).toEqual(JSON.parse(result));
  });

  const newRows = rows.filter(({ isNew }) => isNew);

  test.each(newRows)(
    '$mapping does not parse, or means something else, below $version',
    ({ version, mapping, result }) => {
      const before = version === '0.4' ? '0.3' : '0.2';
      let value: unknown;
      try {
        ({ value } = compileMapping(parseMapping(mapping, before))(input));
      } catch (error) {
        expect(error).toBeInstanceOf(MappingSyntaxFault);
      }
      expect(value).not.toEqual(JSON.parse(result));
    },
  );

  test('have an example of every method', () => {
    const used = rows.flatMap(({ mapping, version }) =>
      collectMethods(parseMapping(mapping, version)).map(({ name }) => name),
    );
    expect([...methods.keys()].filter((name) => !used.includes(name))).toEqual([]);
  });
});

describe('schemas of the page', () => {
  const examples = [...page.matchAll(/<!-- example -->\n+```graphql\n([\s\S]*?)```\n+```yaml\n([\s\S]*?)```/g)];

  test('are all found', () => {
    expect(examples).toHaveLength(page.split('<!-- example -->').length - 1);
    expect(examples.length).toBeGreaterThan(4);
  });

  test.each(examples.map(([, schema, tests], index) => ({ index, schema: schema!, tests: tests! })))(
    'example $index does what its tests say, without a warning',
    async ({ index, schema, tests }) => {
      const suite = join(folder, `${index}.connectors.yaml`);
      writeFileSync(join(folder, `${index}.graphql`), head + schema);
      writeFileSync(suite, `config: { schema: ${index}.graphql }\ntests:\n${tests.replaceAll(/^/gm, '  ')}`);
      expect(await run('connector', 'test', suite)).toMatch(/^exit code 0/);
      const settings = join(folder, `${index}.yaml`);
      // What fills a connection is not there for Apollo's tools: the page says so
      const portability = schema.includes('@tributaryPage') ? 'ignore' : 'error';
      const config = `connectors: { portability: ${portability}, sources: { shop.api: { $config: { token: t } } } }`;
      writeFileSync(settings, `services: { shop: { schema: ./${index}.graphql } }\n${config}\n`);
      const composed = schema.includes('type Query') ? await run('compose', '--config', settings) : '';
      expect(composed).not.toMatch(/error\[|warning\[/);
    },
  );

  test('the suite that shows the format is one', async () => {
    const shown = /## Suites[\s\S]*?```yaml\n([\s\S]*?)```/.exec(page)![1]!;
    writeFileSync(
      join(folder, 'books.graphql'),
      `${head} type Query { book(id: ID!): Book @connect(source: "api", http: { GET: "/books/{$args.id}" }, selection: "id title") }
       type Book { id: ID! title: String }`,
    );
    writeFileSync(join(folder, 'books.connectors.yaml'), shown);
    expect(await run('connector', 'test', join(folder, 'books.connectors.yaml'))).toMatch(/1 passed/);
  });
});
