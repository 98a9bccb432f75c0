/**
 * Paths of `@tributaryRead` (connectors.md 3.9): `/a/b` from the document, `a/b` from the current element, `//` at any
 * depth, `*`, and as last step `@name` or `text()`.
 */
interface NameTest {
  readonly kind: 'name';
  /** Undefined: any. */
  readonly name: string | undefined;
}

type Test = NameTest | { readonly kind: 'attribute'; readonly name: string } | { readonly kind: 'text' };

export interface ReadStep {
  readonly test: Test;
  /** `//` before it. */
  readonly isDeep: boolean;
}

export interface ReadPath {
  readonly isAbsolute: boolean;
  readonly steps: readonly ReadStep[];
}

/** One read, with those that go on inside its matches. */
export interface Read {
  readonly name: string;
  readonly path: ReadPath;
  readonly isMany: boolean;
  readonly below: readonly Read[];
}

const stepPattern = /(\/{0,2})([^/]*)/y;
const namePattern = /^[\p{L}_][\p{L}\p{N}_.-]*$/u;

/** The path, or a sentence that says what is wrong with it. */
export function readPath(text: string): ReadPath | string {
  const steps: ReadStep[] = [];
  let isAbsolute = false;
  stepPattern.lastIndex = 0;
  while (stepPattern.lastIndex < text.length) {
    const [, slashes = '', written = ''] = stepPattern.exec(text)!;
    const isFirst = steps.length === 0;
    if (!isFirst && steps.at(-1)!.test.kind !== 'name') return '"@name" and "text()" can only be the last step';
    const test = readTest(written);
    if (!test)
      return written === ''
        ? 'A step is empty'
        : `"${written}" is no step; predicates, functions and axes are not known`;
    if (isFirst) isAbsolute = slashes === '/';
    steps.push({ test, isDeep: slashes === '//' });
  }
  return steps.length === 0 ? 'The path is empty' : { isAbsolute, steps };
}

function readTest(written: string): Test | undefined {
  if (written === '*') return { kind: 'name', name: undefined };
  if (written === 'text()') return { kind: 'text' };
  if (written.startsWith('@')) {
    const name = written.slice(1);
    return namePattern.test(name) ? { kind: 'attribute', name } : undefined;
  }
  return namePattern.test(written) ? { kind: 'name', name: written } : undefined;
}
