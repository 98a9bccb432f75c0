/** docs/reference/facade-directives.md names every directive with every argument, and its examples start. */
import { astFromValue, buildASTSchema, parse, print, type GraphQLSchema } from 'graphql';
import { describe, expect, test } from 'vitest';
import { createFacade } from '../../../gateway/facade/index.ts';
import { facadeDirectives } from '../../../gateway/facade/routes/facade-directives.ts';
import { readText } from '../../repository/root.ts';
import { schema as bookshop } from '../bookshop.ts';
import { jobSchema } from '../job-shop.ts';

const page = readText('docs/reference/facade-directives.md');
const sections = new Map(
  page
    .split(/^### /m)
    .slice(1)
    .map((section): [string, string] => [/^`@(\w+)`/.exec(section)![1]!, section]),
);
const ownNames = [...facadeDirectives.matchAll(/directive @(\w+)/g)].map(([, name]) => name!);
const definitions = buildASTSchema(parse(`type Query { x: Int } ${facadeDirectives}`));

/** Cells of a table: without the pipes, the code marks and the padding. */
const rowsOf = (section: string): string[][] =>
  [...section.matchAll(/^\| `.*$/gm)].map(([line]) =>
    line
      .split('|')
      .slice(1, 4)
      .map((cell) => cell.trim().replaceAll('`', '')),
  );

test('every directive has a section, and every section is a directive', () => {
  expect([...sections.keys()].toSorted()).toEqual(ownNames.toSorted());
});

test.each(ownNames)('@%s is listed with every argument, its type and its default', (name) => {
  const args = definitions.getDirective(name)!.args.map((argument) => {
    const node = argument.defaultValue === undefined ? null : astFromValue(argument.defaultValue, argument.type);
    return [argument.name, String(argument.type), node ? print(node) : ''];
  });
  expect(rowsOf(sections.get(name)!)).toEqual(args);
});

const examples = [...sections].flatMap(([name, section]) =>
  [...section.matchAll(/^```graphql\n([\s\S]*?)^```/gm)].map(([, text = '']) => [name, text] as const),
);

function routesOf(text: string, schema: GraphQLSchema) {
  const documents = [{ file: 'example.graphql', text }];
  return createFacade({ documents, schema, basePath: '', execute: () => Promise.resolve({ data: null }) }).routes;
}

describe('examples', () => {
  test('are there for every directive', () => {
    expect(new Set(examples.map(([name]) => name))).toEqual(new Set(ownNames));
  });

  test.each(examples)('of @%s start, and use it', (name, text) => {
    expect(routesOf(text, name === 'async' ? jobSchema : bookshop).length).toBeGreaterThan(0);
    expect(text).toContain(`@${name}`);
  });
});
