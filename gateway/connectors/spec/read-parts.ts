/** Reads the parts that `@source` and `@connect` share: mappings, templates, headers, errors. Syntax faults are reported. */
import { Kind, type ConstObjectValueNode, type ConstValueNode } from 'graphql';
import type { Span } from '../mapping/ast.ts';
import { compileMapping } from '../mapping/compile.ts';
import { parseMapping } from '../mapping/parser.ts';
import { MappingSyntaxFault } from '../mapping/syntax-fault.ts';
import type { MappingVersion } from '../mapping/versions.ts';
import type { HeaderPart, MappingPart, RequestParts } from './connector.ts';
import type { FaultSink } from './fault-sink.ts';
import { memberOf, stringOf } from './link.ts';
import { readTemplate, type Template } from './template.ts';

export class PartReader {
  readonly #version: MappingVersion;
  readonly #faults: FaultSink;
  /** Whether a part did not parse since the reader was made. */
  hasFailed = false;

  constructor(version: MappingVersion, faults: FaultSink) {
    this.#version = version;
    this.#faults = faults;
  }

  readMapping(node: ConstValueNode | undefined, code: string): MappingPart | undefined {
    if (node?.kind !== Kind.STRING) return undefined;
    return this.#guard(code, node, () => {
      const tree = parseMapping(node.value, this.#version);
      return { node, tree, evaluate: compileMapping(tree) };
    });
  }

  readTemplate(node: ConstValueNode | undefined, code: string): Template | undefined {
    if (node?.kind !== Kind.STRING) return undefined;
    return this.#guard(code, node, () => readTemplate(node, this.#version));
  }

  /** What stands both beside and inside `http:`. */
  readRequestParts(
    http: ConstObjectValueNode | undefined,
    errors: ConstValueNode | undefined,
    isSuccess: ConstValueNode | undefined,
  ): RequestParts {
    const errorsObject = errors?.kind === Kind.OBJECT ? errors : undefined;
    return compact({
      path: this.readMapping(memberOf(http, 'path'), 'INVALID_URL_PROPERTY'),
      queryParams: this.readMapping(memberOf(http, 'queryParams'), 'INVALID_URL_PROPERTY'),
      headers: this.#readHeaders(memberOf(http, 'headers')),
      errorsMessage: this.readMapping(memberOf(errorsObject, 'message'), 'INVALID_ERRORS_MESSAGE'),
      errorsExtensions: this.readMapping(memberOf(errorsObject, 'extensions'), 'INVALID_ERRORS_MESSAGE'),
      isSuccess: this.readMapping(isSuccess, 'INVALID_IS_SUCCESS'),
    });
  }

  #readHeaders(node: ConstValueNode | undefined): HeaderPart[] {
    const items = node?.kind === Kind.LIST ? node.values : node ? [node] : [];
    return items.flatMap((item) => {
      if (item.kind !== Kind.OBJECT) return [];
      const name = stringOf(memberOf(item, 'name')) ?? '';
      const from = stringOf(memberOf(item, 'from'));
      const value = this.readTemplate(memberOf(item, 'value'), 'INVALID_HEADER');
      return [compact({ name: name.toLowerCase(), node: item, from: from?.toLowerCase(), value })];
    });
  }

  #guard<T>(code: string, node: ConstValueNode & { kind: Kind.STRING }, read: () => T): T | undefined {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof MappingSyntaxFault)) throw error;
      this.hasFailed = true;
      const span: Span = { start: error.start, end: error.end };
      this.#faults.reportInString(code, error.message, node, span, error.hint);
      return undefined;
    }
  }
}

type Compact<T> = { [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>;
};

/** The same object without its undefined members. */
export function compact<T extends object>(object: T): Compact<T> {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as Compact<T>;
}
