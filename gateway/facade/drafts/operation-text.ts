/** An operation as it is written to a file: laid out as Prettier does, so that it stays as it is when the project is formatted. */

/** A field, a spread or an inline fragment, and what is selected below it. */
export interface Selection {
  readonly text: string;
  readonly below?: readonly Selection[];
}

export interface DraftVariable {
  readonly name: string;
  /** With its default, such as `Int = 20`. */
  readonly type: string;
  /** Such as `@query`. */
  readonly directive?: string;
  readonly description?: string;
}

export interface DraftOperation {
  readonly kind: 'query' | 'mutation';
  readonly name: string;
  readonly description?: string;
  readonly variables: readonly DraftVariable[];
  /** `@http` first. */
  readonly directives: readonly string[];
  readonly selection: Selection;
  /** Base name of the file it goes to. */
  readonly file: string;
}

const WIDTH = 120;

/** Text inside `"` or `"""`, whichever it needs. */
function printDescription(text: string, indent: string): string[] {
  const isPlain = !text.includes('\n') && !/["\\]/.test(text);
  if (isPlain) return [`${indent}"${text}"`];
  const lines = text.replaceAll('"""', '\\"""').split('\n');
  return [`${indent}"""`, ...lines.map((line) => (line === '' ? '' : indent + line)), `${indent}"""`];
}

const printSelection = ({ text, below }: Selection, indent: string): string[] =>
  below === undefined
    ? [indent + text]
    : [`${indent}${text} {`, ...below.flatMap((one) => printSelection(one, `${indent}  `)), `${indent}}`];

const printVariable = ({ name, type, directive }: DraftVariable): string =>
  `$${name}: ${type}${directive === undefined ? '' : ` ${directive}`}`;

function printHead({ kind, name, variables }: DraftOperation): string[] {
  if (variables.length === 0) return [`${kind} ${name}`];
  const line = `${kind} ${name}(${variables.map(printVariable).join(', ')})`;
  if (line.length <= WIDTH && variables.every(({ description }) => description === undefined)) return [line];
  const lines = variables.flatMap((variable) => [
    ...(variable.description === undefined ? [] : printDescription(variable.description, '  ')),
    `  ${printVariable(variable)}`,
  ]);
  return [`${kind} ${name}(`, ...lines, ')'];
}

/** The operation as lines of a document. */
export function printOperation(operation: DraftOperation): string {
  const { description, directives, selection } = operation;
  const last = directives.length - 1;
  return [
    ...(description === undefined ? [] : printDescription(description, '')),
    ...printHead(operation),
    ...directives.map((directive, i) => (i === last ? `${directive} {` : directive)),
    ...printSelection(selection, '  '),
    '}',
  ].join('\n');
}

/** `fragment BookFull on Book { ... }`. */
export const printFragment = (name: string, type: string, selections: readonly Selection[]): string =>
  [`fragment ${name} on ${type} {`, ...selections.flatMap((one) => printSelection(one, '  ')), '}'].join('\n');

/** `@http(method: GET, route: "/books")`: further values are written as they stand, lists one entry a line where they are long. */
export function printHttp(
  method: string,
  route: string,
  more: Readonly<Record<string, string | readonly string[] | undefined>> = {},
): string {
  const all: [string, string | readonly string[]][] = [
    ['method', method],
    ['route', JSON.stringify(route)],
    ...Object.entries(more).filter((entry): entry is [string, string | readonly string[]] => entry[1] !== undefined),
  ];
  const onOneLine = all.map(
    ([name, value]) => `${name}: ${typeof value === 'string' ? value : `[${value.join(', ')}]`}`,
  );
  const line = `@http(${onOneLine.join(', ')})`;
  if (line.length <= WIDTH - 2) return line;
  const lines = all.flatMap(([name, value]) =>
    typeof value === 'string' ? [`  ${name}: ${value}`] : [`  ${name}: [`, ...value.map((one) => `    ${one}`), '  ]'],
  );
  return ['@http(', ...lines, ')'].join('\n');
}
