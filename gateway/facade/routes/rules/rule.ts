/** The shape of a boot rule (facade.md 2.5): it reads all declarations and reports what cannot work. One rule, one file. */
import type { ASTNode, GraphQLSchema } from 'graphql';
import type { Declaration } from '../declaration.ts';

export interface RuleContext {
  readonly declarations: readonly Declaration[];
  /** The API schema with the facade's directives. */
  readonly schema: GraphQLSchema;
  /** Names of operations that are declared, and switched off: what leads to them leads nowhere for now. */
  readonly disabled: ReadonlySet<string>;
  /** A sentence that says what was found and what was expected, the node it is about, and a hint. */
  readonly report: (message: string, node: ASTNode, hint?: string) => void;
}

export type Rule = (context: RuleContext) => void;
