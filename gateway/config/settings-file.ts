/**
 * The YAML file with its places: values for the check, and for each path the line and column that the faults show. Words
 * for syntax faults are ours; the parser's never reach a user (experience.md, 9.1).
 */
import {
  isAlias,
  isMap,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  visit,
  type Document,
  type ErrorCode,
  type Node,
  type YAMLParseError,
} from 'yaml';
import { describeError } from '../errors/catalogue.ts';
import type { Fault, Range } from '../errors/fault.ts';
import { resolveVariables, type Environment } from './variables.ts';

export type Path = readonly PropertyKey[];

export interface SettingsFile {
  readonly file: string;
  readonly text: string;
  readonly values: unknown;
  /** Syntax faults; with any, the values mean nothing. */
  readonly syntaxFaults: readonly Fault[];
  /** Variables that are not set, and the paths that need them. */
  readonly missingVariables: readonly { readonly path: Path; readonly name: string; readonly range: Range }[];
  /** Where the value at a path stands; undefined when the file does not hold it. */
  rangeOf(path: Path): Range | undefined;
  /** Where the name of an option stands. */
  rangeOfName(path: Path): Range | undefined;
  /** The value as written, with variables not yet replaced. */
  writtenAt(path: Path): string | undefined;
}

/** `file` is the name shown in faults. */
export function readSettingsFile(file: string, text: string, environment: Environment): SettingsFile {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, keepSourceTokens: false });

  const rangeBetween = (start: number, end: number): Range => {
    const from = lines.linePos(start);
    const to = lines.linePos(end);
    return { file, line: from.line, column: from.col, endLine: to.line, endColumn: to.col };
  };
  const rangeOfNode = (node: unknown): Range | undefined => {
    const range = (node as Node | null | undefined)?.range;
    return range ? rangeBetween(range[0], range[1]) : undefined;
  };

  const syntaxFault = (code: ErrorCode, start: number, end: number): Fault => {
    const range = rangeBetween(start, Math.max(start + 1, Math.min(end, endOfLine(text, start))));
    const line = text.slice(text.lastIndexOf('\n', start - 1) + 1, endOfLine(text, start));
    return {
      code: 'CONFIG_SYNTAX',
      severity: 'error',
      message: describeError('CONFIG_SYNTAX', { reason: syntaxReasons[code] ?? syntaxReasons.UNEXPECTED_TOKEN }),
      range,
      ...(/[{[].*\$\{/.test(line) ? { hint: 'Inside { } and [ ] a ${NAME} needs quotes' } : {}),
    };
  };
  const syntaxFaults = [
    ...withoutConsequences(document.errors).map(({ code, pos }) => syntaxFault(code, pos[0], pos[1])),
    ...unresolvedAliases(document).map(([start, end]) => syntaxFault('BAD_ALIAS', start, end)),
  ];
  const isSound = syntaxFaults.length === 0;
  const written = new Map<Node, string>();
  const missingVariables = isSound ? replaceVariables(document, environment, written, rangeOfNode) : [];
  const values = isSound ? readValues(document) : undefined;
  if (values?.kind === 'unfolds-too-far') syntaxFaults.push(syntaxFault('RESOURCE_EXHAUSTION', 0, 1));

  return {
    file,
    text,
    values: values?.kind === 'values' ? values.values : undefined,
    syntaxFaults,
    missingVariables,
    rangeOf: (path) => rangeOfNode(document.getIn(path, true)),
    rangeOfName: (path) => rangeOfNode(nameNode(document, path)),
    writtenAt: (path) => {
      const node = document.getIn(path, true) as Node | undefined;
      return node && written.get(node);
    },
  };
}

/** After the first fault the reader is lost, and what it reports then is noise; an option set twice stands for itself. */
function withoutConsequences(errors: readonly YAMLParseError[]): YAMLParseError[] {
  const first = errors.find(({ code }) => code !== 'DUPLICATE_KEY');
  return errors.filter((error) => error === first || error.code === 'DUPLICATE_KEY');
}

function unresolvedAliases(document: Document): [number, number][] {
  const ranges: [number, number][] = [];
  visit(document, {
    Alias(_key, node) {
      if (node.resolve(document) === undefined && node.range) ranges.push([node.range[0], node.range[1]]);
    },
  });
  return ranges;
}

type Values = { readonly kind: 'values'; readonly values: unknown } | { readonly kind: 'unfolds-too-far' };

function readValues(document: Document): Values {
  try {
    return { kind: 'values', values: withoutEmpty(document.toJS()) };
  } catch {
    // Aliases of aliases grow without end; the reader stops at a hundred.
    return { kind: 'unfolds-too-far' };
  }
}

const endOfLine = (text: string, from: number): number => {
  const end = text.indexOf('\n', from);
  return end === -1 ? text.length : end;
};

function nameNode(document: Document, path: Path): unknown {
  const parent = path.length === 1 ? document.contents : document.getIn(path.slice(0, -1), true);
  if (!isMap(parent)) return undefined;
  return parent.items.find(({ key }) => isScalar(key) && key.value === path.at(-1))?.key;
}

function replaceVariables(
  document: Document,
  environment: Environment,
  written: Map<Node, string>,
  rangeOfNode: (node: unknown) => Range | undefined,
): SettingsFile['missingVariables'] {
  const missing: { path: Path; name: string; range: Range }[] = [];
  visit(document, {
    Scalar(key, node, ancestors) {
      if (key === 'key' || typeof node.value !== 'string' || !node.value.includes('${')) return;
      written.set(node, node.value);
      const result = resolveVariables(node.value, environment);
      const range = rangeOfNode(node);
      const path = pathOf(ancestors, key);
      if (range) missing.push(...result.missing.map((name) => ({ path, name, range })));
      // Quotes in the file say "text"; without them "4000" from a variable is a number, as it would be if written there.
      node.value = node.type === 'PLAIN' ? readScalar(result.text) : result.text;
    },
  });
  return missing;
}

function pathOf(ancestors: readonly unknown[], key: number | 'key' | 'value' | null): Path {
  const path: PropertyKey[] = [];
  for (const ancestor of ancestors) {
    if (isPair(ancestor) && isScalar(ancestor.key)) {
      path.push(String(ancestor.key.value));
    } else if (isSeq(ancestor)) {
      const next = ancestors[ancestors.indexOf(ancestor) + 1];
      path.push(next === undefined ? (key as number) : ancestor.items.indexOf(next));
    }
  }
  return path;
}

/** A value from outside the file, read as YAML reads one; what is no single value stays text. */
export function readScalar(text: string): unknown {
  const document = parseDocument(text);
  const { contents } = document;
  const isSingle = isScalar(contents) && !isAlias(contents) && document.errors.length === 0;
  return isSingle ? contents.value : text;
}

/** `server:` with nothing below it says nothing, so it counts as not written; inside `$config` and in `notFound` null is a value. */
function withoutEmpty(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name, member]) => (member !== null || name === 'notFound') && member !== undefined)
      .map(([name, member]) => [name, name === '$config' ? member : withoutEmpty(member)]),
  );
}

const quoteOrBracket = 'a quote or bracket is missing, or a ":" after a name';
const indentation = 'the indentation does not fit the lines before, or a bracket before it is not closed';
const unexpected = 'this is not expected here';

const syntaxReasons: Readonly<Partial<Record<ErrorCode, string>>> & { readonly UNEXPECTED_TOKEN: string } = {
  BAD_ALIAS: 'an alias must name an anchor that stands before it',
  BAD_DQ_ESCAPE: 'unknown escape in a text in double quotes',
  BAD_INDENT: indentation,
  BAD_SCALAR_START: 'a value that starts with this character needs quotes',
  BLOCK_AS_IMPLICIT_KEY: 'a group cannot start on the line of its parent; start it on the next line',
  BLOCK_IN_FLOW: 'inside [ ] or { } only [ ] and { } may follow',
  DUPLICATE_KEY: 'this option is set twice',
  MISSING_CHAR: quoteOrBracket,
  MULTILINE_IMPLICIT_KEY: 'a name must stand on one line, with ":" after it',
  MULTIPLE_DOCS: 'a settings file is one document; "---" starts a second one',
  RESOURCE_EXHAUSTION: 'its aliases unfold too far',
  TAB_AS_INDENT: 'tabs cannot indent; use spaces',
  UNEXPECTED_TOKEN: unexpected,
};
