/**
 * Writes a first set of operation documents for a graph (facade.md 2.1): items, collections, pages below an item, writes. They
 * are tried before they are given out, so what is written starts; what does not is left out and said.
 */
import type { GraphQLSchema } from 'graphql';
import { createFacade } from '../create-facade.ts';
import { DraftContext } from './draft-context.ts';
import { draftMutation } from './draft-mutations.ts';
import { draftQuery } from './draft-queries.ts';
import { printOperation, type DraftOperation } from './operation-text.ts';
import type { Field } from './resources.ts';

export interface DraftDocument {
  /** Such as `books.graphql`. */
  readonly file: string;
  readonly text: string;
}

export interface Drafts {
  readonly documents: readonly DraftDocument[];
  /** Routes that were written. */
  readonly routes: number;
  /** Sentences on what has no route. */
  readonly notes: readonly string[];
}

/** Fields that federation adds are no part of the API. */
const fieldsOf = (type: { getFields(): Record<string, Field> } | null | undefined): Field[] =>
  Object.values(type?.getFields() ?? {}).filter(
    ({ name, deprecationReason }) => !name.startsWith('_') && deprecationReason == null,
  );

/** Drafts for a graph; `schema` is the API schema. */
export function draftDocuments(schema: GraphQLSchema): Drafts {
  const left = new Map<string, string>();
  for (;;) {
    const drafts = draftWithout(schema, left);
    const { disabled } = createFacade({
      documents: drafts.documents,
      schema,
      execute: () => Promise.resolve({ data: null }),
      basePath: '',
      canDisableRoutes: true,
    });
    if (disabled.length === 0) return drafts;
    for (const { operation, reasons } of disabled) left.set(operation, reasons.join('; '));
  }
}

function draftWithout(schema: GraphQLSchema, left: ReadonlyMap<string, string>): Drafts {
  const context = new DraftContext(schema);
  const all = [
    ...fieldsOf(schema.getQueryType()).flatMap((field) => draftQuery(field, context)),
    ...fieldsOf(schema.getMutationType()).flatMap((field) => draftMutation(field, context) ?? []),
  ];
  const operations = all.filter(({ name }) => !left.has(name));
  const notes = [
    ...context.notes,
    ...[...left].map(([name, reason]) => `"${name}" was left out: ${reason}`),
    ...fieldsOf(schema.getSubscriptionType()).map(({ name }) => `"${name}" has no route: it is a subscription`),
  ];
  return { documents: printDocuments(operations, context), routes: operations.length, notes };
}

/** One document a resource; each fragment stands in the one that is first to use it. */
function printDocuments(operations: readonly DraftOperation[], context: DraftContext): DraftDocument[] {
  const files = new Map<string, string[]>();
  for (const operation of operations) {
    files.set(operation.file, [...(files.get(operation.file) ?? []), printOperation(operation)]);
  }
  const written = new Set<string>();
  return [...files].map(([file, texts]) => {
    const all = [...texts];
    for (let i = 0; i < all.length; i++) {
      for (const [, name = ''] of all[i]!.matchAll(/\.\.\.(\w+)\s*$/gm)) {
        const fragment = context.selections.fragments.get(name);
        if (!fragment || written.has(name)) continue;
        written.add(name);
        all.push(fragment.text);
      }
    }
    return { file: `${file}.graphql`, text: `${all.join('\n\n')}\n` };
  });
}
