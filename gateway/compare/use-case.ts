/**
 * A use case of the comparison (facade.md, section 8): a need, stated as a GraphQL operation, and the steps with which a
 * client of each of Richardson's levels meets it. Written in YAML; `{mapping}` holes in texts read the variables, the answers
 * so far, and the item of a loop, in the mapping language of the connectors.
 */
import { z } from 'zod';
import type { Column } from './columns.ts';

const text = () => z.string().min(1);
const values = () => z.record(z.string(), z.json());
const headers = () => z.record(z.string(), z.string());
const path = () => z.string().regex(/^\//, { error: 'a path such as "/books/{$.id}"' });

/** What every step may say. */
const common = {
  /** The name under which later steps read the answer; `last` always names the one before. */
  as: text().optional(),
  /** A mapping that gives a list: the step is done for each, at the same time, with `item` in reach. */
  each: text().optional(),
  /** Sent this often, one after the other: a client that repeats because an answer was lost. */
  times: z.int().min(1).max(10).optional(),
};

const actionStep = z.strictObject({ ...common, action: text(), params: values().optional() });
const resourceStep = z.strictObject({ ...common, resource: path(), action: text(), params: values().optional() });
const verbStep = z
  .strictObject({
    ...common,
    get: path().optional(),
    post: path().optional(),
    put: path().optional(),
    patch: path().optional(),
    delete: path().optional(),
    body: z.json().optional(),
    headers: headers().optional(),
  })
  .refine((step) => ['get', 'post', 'put', 'patch', 'delete'].filter((verb) => verb in step).length === 1, {
    error: 'exactly one of get, post, put, patch and delete',
  });
const linkStep = z.strictObject({
  ...common,
  /** `entry` is the one address a client of level 3 knows; all others are rels. */
  follow: text(),
  /** The `name` of the link, where several share a rel. */
  named: text().optional(),
  /** The answer whose link is followed, by its name; the last one when left out. */
  from: text().optional(),
  params: values().optional(),
  method: z.enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']).optional(),
  body: z.json().optional(),
  headers: headers().optional(),
});
const queryStep = z.strictObject({ ...common, query: text(), variables: values().optional() });

/** Steps of a list within the list are sent at the same time. */
const listOf = <One extends z.ZodType>(step: One) => z.array(z.union([step, z.array(step).min(2)])).min(1);

export const useCaseSchema = z.strictObject({
  name: text(),
  /** What the case is there to show, in a sentence. */
  shows: text(),
  services: z.array(text()).min(1),
  /** The GraphQL operation that says which leaves are needed. */
  need: text(),
  variables: values().default({}),
  steps: z.strictObject({
    L0: listOf(actionStep),
    L1: listOf(resourceStep),
    L2: listOf(verbStep),
    L3: listOf(linkStep),
    /** Left out, GraphQL is the need itself, sent once. */
    graphql: listOf(queryStep).optional(),
  }),
  /** The case changes data: it runs from the command only, and each run has values of its own (`$.run`). */
  writes: z.boolean().default(false),
  /** Done after each run, not measured: takes away what the run has made. */
  cleanup: listOf(queryStep).optional(),
  /** Asked after each run, not measured: what is true now, such as how many books there are. */
  verify: z.strictObject({ asks: text(), query: text(), variables: values().optional(), value: text() }).optional(),
  /** A service that answers with a status, hangs, or drops connections while the case runs. */
  fault: z
    .strictObject({ service: text(), answer: z.union([z.int().min(400).max(599), z.enum(['hang', 'reset'])]) })
    .optional(),
  /** Calls made before the case, so that a breaker has opened. */
  failuresBefore: z.int().min(0).max(1000).default(0),
  /** Statuses that tell an intermediary what happened; given, the case is about statuses, not about data. */
  right: z.array(z.int().min(100).max(599)).min(1).optional(),
});

export type UseCase = z.output<typeof useCaseSchema>;
export type ActionStep = z.output<typeof actionStep>;
export type ResourceStep = z.output<typeof resourceStep>;
export type VerbStep = z.output<typeof verbStep>;
export type LinkStep = z.output<typeof linkStep>;
export type QueryStep = z.output<typeof queryStep>;
export type Step = ActionStep | ResourceStep | VerbStep | LinkStep | QueryStep;

/** Steps of one column, in rounds: those of one round are sent at the same time. */
export function roundsOf(useCase: UseCase, column: Column): readonly (readonly Step[])[] {
  const { L0, L1, L2, L3, graphql } = useCase.steps;
  const own: QueryStep[] = [{ query: useCase.need, variables: useCase.variables }];
  const lists = { L0, L1, L2, L3, POST: graphql ?? own, GET: graphql ?? own };
  return inRounds(lists[column] as readonly (Step | readonly Step[])[]);
}

/** A list of steps as rounds: a step of its own is a round, and so is a list within the list. */
export const inRounds = <One>(steps: readonly (One | readonly One[])[]): readonly (readonly One[])[] =>
  steps.map((step) => (Array.isArray(step) ? (step as readonly One[]) : [step as One]));
