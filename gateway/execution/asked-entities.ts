/**
 * Within one request the same fields of the same entity are asked once: several fetches of a plan often want them at
 * different places of the answer. Only where all fields are leaves: an object that stood at two places could be given
 * different fields under one name by later fetches. A list that fails is the matter of the fetch that asked for it: whoever
 * waited for an entity of it asks again.
 */
import { Kind, type DocumentNode, type SelectionSetNode } from 'graphql';
import type { FetchStep } from '../planning/query-planner.ts';
import type { SubgraphError } from './fetch-target.ts';
import type { Representation } from './group-entities.ts';

/** What came back for the representations of one fetch. */
export interface Sending {
  readonly entities: readonly unknown[];
  /** There is no list of entities. */
  readonly hasFailed: boolean;
  /** Others hold the same entities, so nobody may change them. */
  readonly isShared: boolean;
  /** About one entity, by its number. */
  readonly errorsAt: ReadonlyMap<number, readonly SubgraphError[]>;
  /** About none, or about all of them. */
  readonly errors: readonly SubgraphError[];
}

interface Asked {
  readonly sending: Promise<Sending>;
  readonly index: number;
}

/** By fetches that ask for the same, then by the text of the representation. */
export type AskedEntities = Map<string, Map<string, Asked>>;

/** A fetch that may not share, which has no key, has them for itself. */
export function askedFor(key: string | undefined, { asked }: { readonly asked: AskedEntities }): Map<string, Asked> {
  if (key === undefined) return new Map();
  const known = asked.get(key) ?? new Map<string, Asked>();
  asked.set(key, known);
  return known;
}

/** What is known of the entities of one fetch. */
interface Answers {
  /** By the text of the representation. */
  readonly entities: ReadonlyMap<string, unknown>;
  /** Nobody may change them. */
  readonly areShared: boolean;
  /** With the representation that each is about. */
  readonly errors: readonly { readonly error: SubgraphError; readonly text: string }[];
}

/** Rejects by a fault of ours alone. */
type Send = (representations: readonly Representation[]) => Promise<Sending>;

/**
 * Sends what nobody has asked for and waits for what others have. Where theirs failed it is sent once more, for this fetch alone:
 * so none of those who waited waits for another of them.
 */
export async function askOnce(
  representations: readonly Representation[],
  asked: Map<string, Asked>,
  send: Send,
): Promise<Answers> {
  const fresh = new Set(representations.filter(({ text }) => !asked.has(text)));
  if (fresh.size > 0) share([...fresh], asked, send);
  const taken = new Map(representations.map(({ text }) => [text, asked.get(text)!] as const));
  const sent = await settle(taken);
  const failed = representations.filter((one) => !fresh.has(one) && sent.get(taken.get(one.text)!.sending)!.hasFailed);
  if (failed.length === 0) return gather(taken, sent);
  const sending = send(failed);
  failed.forEach(({ text }, index) => taken.set(text, { sending, index }));
  return gather(taken, await settle(taken));
}

/** Others may take it from here, unless it fails. */
function share(fresh: readonly Representation[], asked: Map<string, Asked>, send: Send): void {
  const sending = send(fresh).then((sent) => {
    if (sent.hasFailed) for (const { text } of fresh) asked.delete(text);
    return sent;
  });
  fresh.forEach(({ text }, index) => asked.set(text, { sending, index }));
}

async function settle(taken: ReadonlyMap<string, Asked>): Promise<Map<Promise<Sending>, Sending>> {
  const sendings = new Set([...taken.values()].map(({ sending }) => sending));
  return new Map(await Promise.all([...sendings].map(async (sending) => [sending, await sending] as const)));
}

function gather(taken: ReadonlyMap<string, Asked>, sent: ReadonlyMap<Promise<Sending>, Sending>): Answers {
  const told = new Set<Sending>();
  const entities = new Map<string, unknown>();
  const found: { error: SubgraphError; text: string }[] = [];
  for (const [text, { sending, index }] of taken) {
    const one = sent.get(sending)!;
    entities.set(text, one.entities[index]);
    for (const error of one.errorsAt.get(index) ?? []) found.push({ error, text });
    // What is not about one entity, or speaks for all of a failed fetch, is said once, of the first.
    if (!told.has(one)) found.push(...one.errors.map((error) => ({ error, text })));
    told.add(one);
  }
  return { entities, areShared: [...told].every(({ isShared }) => isShared), errors: found };
}

/** The same for all fetches that may share entities; undefined when the fetch may not. */
export function sharedKeyOf(step: FetchStep, document: DocumentNode): string | undefined {
  const [operation, ...fragments] = document.definitions;
  if (operation?.kind !== Kind.OPERATION_DEFINITION || fragments.length > 0) return undefined;
  const [entities] = operation.selectionSet.selections;
  if (entities?.kind !== Kind.FIELD || !hasOnlyLeaves(entities.selectionSet)) return undefined;
  return JSON.stringify([step.subgraph, kindOf(step), step.outputRewrites]);
}

/** Equal for fetches that ask for the same; names of operations are numbered within a plan. */
export const kindOf = ({ operation, operationName }: FetchStep): string =>
  operationName === undefined ? operation : operation.replace(operationName, '');

const hasOnlyLeaves = (selectionSet: SelectionSetNode | undefined): boolean =>
  (selectionSet?.selections ?? []).every((selection) => {
    if (selection.kind === Kind.FIELD) return selection.selectionSet === undefined;
    return selection.kind === Kind.INLINE_FRAGMENT && hasOnlyLeaves(selection.selectionSet);
  });
