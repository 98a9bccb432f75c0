/** The one thing the lexer and the parser throw: where reading stopped, and what to write instead (connectors.md 4). */
export class MappingSyntaxFault extends Error {
  override readonly name = 'MappingSyntaxFault';
  readonly start: number;
  readonly end: number;
  readonly hint: string | undefined;

  constructor(message: string, start: number, end: number, hint?: string) {
    super(message);
    this.start = start;
    this.end = Math.max(end, start);
    this.hint = hint;
  }
}
