// What is said about a mapping without running it holds when it runs: on every row of the specification (8.7).
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { ExpressionNode } from '../../../gateway/connectors/mapping/ast.ts';
import { compileMapping } from '../../../gateway/connectors/mapping/compile.ts';
import { parseJson } from '../../../gateway/connectors/mapping/json-text.ts';
import { parseMapping } from '../../../gateway/connectors/mapping/parser.ts';
import { isObject, typeName, type Maybe } from '../../../gateway/connectors/mapping/value.ts';
import type { MappingVersion } from '../../../gateway/connectors/mapping/versions.ts';
import {
  possibleResults,
  resultsOf,
  type PossibleResult,
} from '../../../gateway/connectors/validation/possible-results.ts';

interface Row {
  readonly id: number | string;
  readonly spec: string;
  readonly selection: string;
  readonly input?: string;
  readonly parseError?: true;
}

const table = JSON.parse(readFileSync(new URL('../mapping/mapping-rows.json', import.meta.url), 'utf8')) as {
  readonly input: string;
  readonly rows: readonly Row[];
};
const versions: Readonly<Record<string, MappingVersion>> = { '0.2': '0.2', '0.3': '0.3', '0.4': '0.4', '0.4u': '0.4' };
const rows = table.rows.filter(({ parseError }) => !parseError);

/** Several alternatives come only of these; with one, it is the value. */
const isOpen = (node: ExpressionNode): boolean => node.kind === 'chain' || /\?\?|\?!|->match|\?$/.test(textOf(node));
let text = '';
const textOf = ({ start, end }: ExpressionNode): string => text.slice(start, end);

function expectKind(results: readonly PossibleResult[], value: Maybe): number {
  // Missing is always possible: a method may fail
  if (results.length === 0 || value === undefined) return 0;
  const kinds: string[] = results.map(({ kind }) => (kind === 'list' ? 'array' : kind));
  expect(kinds).toContain(typeName(value));
  return 1;
}

test('every certain result of the rows is what comes out', () => {
  let compared = 0;
  for (const { spec, selection, input = table.input } of rows) {
    const mapping = parseMapping(selection, versions[spec]!);
    const { value } = compileMapping(mapping)(parseJson(input), {});
    text = selection;
    const { root } = mapping;
    if (root.kind !== 'list') {
      if (!isOpen(root)) compared += expectKind(possibleResults(mapping), value);
      continue;
    }
    for (const item of root.items) {
      if (item.kind === 'field' && isObject(value) && !isOpen(item.value)) {
        compared += expectKind(resultsOf(item.value), value[item.name]);
      }
    }
  }
  expect(compared).toBeGreaterThan(40);
});
