/** Collects what is wrong in one file, so that everything is reported at once (connectors.md 4). */
import type { ASTNode, StringValueNode } from 'graphql';
import type { Fault, Range } from '../../errors/fault.ts';
import type { Span } from '../mapping/ast.ts';
import type { SdlSource } from './sdl-source.ts';

export class FaultSink {
  readonly source: SdlSource;
  readonly #faults: Fault[] = [];

  constructor(source: SdlSource) {
    this.source = source;
  }

  /** At a node of the SDL. */
  report(code: string, message: string, node: ASTNode, hint?: string): void {
    this.#add('error', code, message, this.source.rangeOf(node), hint);
  }

  /** Inside the text of a string literal, usually a mapping. */
  reportInString(code: string, message: string, node: StringValueNode, span: Span, hint?: string): void {
    this.#add('error', code, message, this.source.rangeInString(node, span.start, span.end), hint);
  }

  /** In another file, or nowhere. */
  reportAt(code: string, message: string, range: Range | undefined, hint?: string): void {
    this.#add('error', code, message, range, hint);
  }

  warn(code: string, message: string, node: ASTNode, hint?: string): void {
    this.#add('warning', code, message, this.source.rangeOf(node), hint);
  }

  warnInString(code: string, message: string, node: StringValueNode, span: Span, hint?: string): void {
    this.#add('warning', code, message, this.source.rangeInString(node, span.start, span.end), hint);
  }

  get faults(): readonly Fault[] {
    return this.#faults;
  }

  get hasErrors(): boolean {
    return this.#faults.some(({ severity }) => severity === 'error');
  }

  #add(severity: Fault['severity'], code: string, message: string, range: Range | undefined, hint?: string): void {
    const place = range === undefined ? {} : { range };
    this.#faults.push({ code, message, severity, ...place, ...(hint === undefined ? {} : { hint }) });
  }
}
