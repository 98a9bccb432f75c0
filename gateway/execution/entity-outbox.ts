/**
 * Entity fetches for one subgraph over HTTP that become ready together leave together: as one list of entities where they
 * ask for the same fields, as aliases of one operation where they do not. Each fetch gets its answer as if it had gone alone.
 */
import { PlanCache } from '../planning/plan-cache.ts';
import { isMembers, readOwn } from './own-members.ts';
import type { SendText, SubgraphAnswer, SubgraphError, SubgraphOperation } from './fetch-target.ts';
import { isMergeable, mergeOperations, type MergedOperation } from './merge-operations.ts';
import type { RequestContext } from './request-context.ts';

/** What one fetch sends. */
export interface Letter {
  /** Equal for fetches that ask for the same fields with the same variables. */
  readonly kind: string;
  readonly operation: SubgraphOperation;
  /** Of the client, by name, as JSON. */
  readonly variables: ReadonlyMap<string, string>;
  /** As JSON. */
  readonly representations: readonly string[];
}

/** Of one execution and one subgraph. */
export interface EntityOutbox {
  /** Resolves with an answer to `_entities`; rejects by a fault of ours alone. */
  send(letter: Letter): Promise<SubgraphAnswer>;
}

/** Combinations of fetches that are kept merged. */
const KEPT_MERGES = 64;

/** By the kinds that are merged. */
export type Merges = PlanCache<MergedOperation>;

export const createMerges = (): Merges => new PlanCache(KEPT_MERGES);

interface Waiting {
  readonly letter: Letter;
  readonly resolve: (answer: SubgraphAnswer | Promise<SubgraphAnswer>) => void;
}

/** `defer` runs its argument once everything that is ready has been sent here. */
export function createEntityOutbox(
  sendText: SendText,
  merges: Merges,
  context: RequestContext,
  defer: (action: () => void) => void = setImmediate,
): EntityOutbox {
  let waiting: Waiting[] = [];
  const leave = (): void => {
    const all = waiting;
    waiting = [];
    const together = all.filter(({ letter }) => isMergeable(letter.operation));
    for (const { letter, resolve } of all.filter((one) => !together.includes(one))) {
      resolve(sendAlone(letter, sendText, context));
    }
    if (together.length === 0) return;
    const answers = sendTogether(
      together.map(({ letter }) => letter),
      sendText,
      merges,
      context,
    );
    together.forEach(({ resolve }, index) => resolve(answers.then((found) => found[index]!)));
  };
  return {
    send: (letter) =>
      new Promise((resolve) => {
        if (waiting.push({ letter, resolve }) === 1) defer(leave);
      }),
  };
}

const sendAlone = (letter: Letter, sendText: SendText, context: RequestContext): Promise<SubgraphAnswer> =>
  sendText(letter.operation, writeVariables([letter], [['representations', letter.representations]]), context);

/** Those of one kind, one after the other. */
interface Bundle {
  readonly letters: Letter[];
  readonly representations: string[];
}

/** The answers in the order of the letters. */
async function sendTogether(
  letters: readonly Letter[],
  sendText: SendText,
  merges: Merges,
  context: RequestContext,
): Promise<readonly SubgraphAnswer[]> {
  if (letters.length === 1) return [await sendAlone(letters[0]!, sendText, context)];
  const bundles = bundle(letters);
  const { operation, parts } = operationOf(bundles, merges);
  const lists = [...bundles.values()].map(
    ({ representations }, index) => [parts[index]!.variable, representations] as const,
  );
  const answer = await sendText(operation, writeVariables(letters, lists), context);
  // A list of entities may not be null, so one that fails takes the others with it. They are asked again, each alone.
  if (!isMembers(answer.data) && answer.isUnreached !== true) {
    return Promise.all(letters.map((letter) => sendAlone(letter, sendText, context)));
  }
  const taken = new Map<Letter, SubgraphAnswer>();
  [...bundles.values()].forEach((one, index) => takeApart(one, parts[index]!.alias, answer, index === 0, taken));
  return letters.map((letter) => taken.get(letter)!);
}

function bundle(letters: readonly Letter[]): Map<string, Bundle> {
  const bundles = new Map<string, Bundle>();
  for (const letter of letters) {
    const known = bundles.get(letter.kind);
    if (known === undefined) {
      bundles.set(letter.kind, { letters: [letter], representations: [...letter.representations] });
    } else {
      known.letters.push(letter);
      known.representations.push(...letter.representations);
    }
  }
  return bundles;
}

function operationOf(bundles: ReadonlyMap<string, Bundle>, merges: Merges): MergedOperation {
  const operations = [...bundles.values()].map(({ letters }) => letters[0]!.operation);
  const [only, ...others] = operations;
  if (only !== undefined && others.length === 0) {
    return { operation: only, parts: [{ alias: '_entities', variable: 'representations' }] };
  }
  return merges.get(JSON.stringify([...bundles.keys()]), () => mergeOperations(operations));
}

/** Gives each letter of a bundle its part of the answer, with its errors. */
function takeApart(
  { letters, representations }: Bundle,
  alias: string,
  answer: SubgraphAnswer,
  isFirst: boolean,
  taken: Map<Letter, SubgraphAnswer>,
): void {
  const errors = answer.errors ?? [];
  const isAbout = (error: SubgraphError): boolean => error.path?.[0] === alias;
  // An error that says nothing of its place is told once.
  const homeless = isFirst ? errors.filter(({ path }) => path === undefined || typeof path[0] !== 'string') : [];
  const own = errors.filter(isAbout);
  const list = isMembers(answer.data) ? readOwn(answer.data, alias) : undefined;
  const isWhole = Array.isArray(list) && list.length === representations.length;
  let from = 0;
  letters.forEach((letter, index) => {
    const to = from + letter.representations.length;
    const entities = isWhole ? (list as readonly unknown[]).slice(from, to) : (list ?? null);
    const start = from;
    const ofLetter = own.flatMap((error) => placeIn(error, start, to, isWhole));
    taken.set(letter, {
      data: { _entities: Array.isArray(entities) && !isWhole ? 'of another length' : entities },
      isShared: answer.isShared === true,
      errors: index === 0 ? [...ofLetter, ...homeless] : ofLetter,
    });
    from = to;
  });
}

/** The error as the letter would have got it; none when it is about another one's entity. */
function placeIn(error: SubgraphError, from: number, to: number, isWhole: boolean): SubgraphError[] {
  const [, index, ...rest] = error.path ?? [];
  if (typeof index !== 'number' || !isWhole) return [withPath(error, ['_entities', ...(error.path ?? []).slice(1)])];
  return index >= from && index < to ? [withPath(error, ['_entities', index - from, ...rest])] : [];
}

function withPath(error: SubgraphError, path: readonly (string | number)[]): SubgraphError {
  const { message, extensions } = error;
  return { message, path, ...(extensions === undefined ? {} : { extensions }) };
}

/** Written from texts that are JSON already. */
function writeVariables(
  letters: readonly Letter[],
  lists: readonly (readonly [variable: string, representations: readonly string[]])[],
): string {
  const written = new Map<string, string>();
  for (const { variables } of letters) for (const [name, value] of variables) written.set(name, value);
  for (const [name, representations] of lists) written.set(name, `[${representations.join(',')}]`);
  return `{${[...written].map(([name, value]) => `"${name}":${value}`).join(',')}}`;
}
