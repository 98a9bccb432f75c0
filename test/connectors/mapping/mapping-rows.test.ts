// The rows of the specification (connectors.md 8.7 and 3.10): mapping, input, output, and which problems at which path.
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { compileMapping } from '../../../gateway/connectors/mapping/compile.ts';
import { parseJson } from '../../../gateway/connectors/mapping/json-text.ts';
import { parseMapping } from '../../../gateway/connectors/mapping/parser.ts';
import { MappingSyntaxFault } from '../../../gateway/connectors/mapping/syntax-fault.ts';
import type { Variables } from '../../../gateway/connectors/mapping/frame.ts';
import type { MappingVersion } from '../../../gateway/connectors/mapping/versions.ts';

interface Row {
  id: number | string;
  spec: string;
  selection: string;
  input?: string;
  variables?: string;
  parseError?: true;
  output?: string;
  problems?: { code: string; path: string; names?: string[] }[];
}

const table = JSON.parse(readFileSync(new URL('mapping-rows.json', import.meta.url), 'utf8')) as {
  input: string;
  rows: Row[];
};
const versions: Record<string, MappingVersion[]> = {
  '0.2': ['0.2'],
  '0.3': ['0.3'],
  '0.4': ['0.4-preview', '0.4'],
  '0.4u': ['0.4'],
};
const cases = table.rows.flatMap((row) => versions[row.spec]!.map((version) => ({ ...row, version })));

describe('the mapping language', () => {
  test.each(cases)('$id ($version): $selection', (row) => {
    const parse = () => parseMapping(row.selection, row.version);
    if (row.parseError) {
      expect(parse).toThrow(MappingSyntaxFault);
      return;
    }
    const variables = (row.variables === undefined ? {} : parseJson(row.variables)) as Variables;
    const { value, problems } = compileMapping(parse())(parseJson(row.input ?? table.input), variables);
    expect(value).toEqual(parseJson(row.output!));
    const found = problems.map(({ code, path }) => ({ code, path: path.join('.') }));
    expect(found).toEqual(row.problems!.map(({ code, path }) => ({ code, path })));
    row.problems!.forEach(({ names = [] }, index) => {
      for (const name of names) expect(problems[index]!.message).toContain(name);
    });
  });
});
