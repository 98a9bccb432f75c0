/**
 * Limits on the shape of an operation, as validation rules: depth, and the number of fields with their fragments spread
 * out. They are checked before anything is planned, so that a small text cannot cause a large plan.
 */
import {
  GraphQLError,
  Kind,
  type ASTVisitor,
  type FragmentDefinitionNode,
  type SelectionSetNode,
  type ValidationContext,
  type ValidationRule,
} from 'graphql';

export interface OperationLimits {
  /** Levels of nesting. */
  readonly depth: number;
  /** Fields, counted as often as their fragment is spread; aliases count each. */
  readonly fields: number;
}

interface Measure {
  depth: number;
  fields: number;
}

export function limitOperations(limits: OperationLimits): ValidationRule {
  return (context: ValidationContext): ASTVisitor => ({
    OperationDefinition(node) {
      const measured = new Meter(context, limits).measure(node.selectionSet);
      const report = (reason: string) =>
        context.reportError(new GraphQLError(reason, { nodes: node, extensions: { isTooComplex: true } }));
      if (measured.depth > limits.depth) report(`The query is nested deeper than ${limits.depth} levels`);
      if (measured.fields > limits.fields) report(`The query asks for more than ${limits.fields} fields`);
    },
  });
}

/** Each fragment is measured once; a fragment inside itself counts as endless. */
class Meter {
  readonly #context: ValidationContext;
  readonly #limits: OperationLimits;
  readonly #fragments = new Map<FragmentDefinitionNode, Measure | 'being measured'>();

  constructor(context: ValidationContext, limits: OperationLimits) {
    this.#context = context;
    this.#limits = limits;
  }

  measure(selectionSet: SelectionSetNode): Measure {
    const total: Measure = { depth: 0, fields: 0 };
    for (const selection of selectionSet.selections) {
      const part = this.#measureSelection(selection);
      total.depth = Math.max(total.depth, part.depth);
      total.fields += part.fields;
    }
    return total;
  }

  #measureSelection(selection: SelectionSetNode['selections'][number]): Measure {
    switch (selection.kind) {
      case Kind.FIELD: {
        const below = selection.selectionSet ? this.measure(selection.selectionSet) : { depth: 0, fields: 0 };
        return { depth: below.depth + 1, fields: below.fields + 1 };
      }
      case Kind.INLINE_FRAGMENT:
        return this.measure(selection.selectionSet);
      case Kind.FRAGMENT_SPREAD:
        return this.#measureFragment(this.#context.getFragment(selection.name.value));
    }
  }

  #measureFragment(fragment: FragmentDefinitionNode | null | undefined): Measure {
    if (!fragment) return { depth: 0, fields: 0 };
    const known = this.#fragments.get(fragment);
    if (known === 'being measured') return { depth: this.#limits.depth + 1, fields: 0 };
    if (known !== undefined) return known;
    this.#fragments.set(fragment, 'being measured');
    const measured = this.measure(fragment.selectionSet);
    this.#fragments.set(fragment, measured);
    return measured;
  }
}
