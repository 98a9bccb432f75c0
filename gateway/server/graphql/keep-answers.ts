/**
 * Sharing that goes on after the answer is there: an answer that says how long it is fresh is given again to whoever asks the
 * same. The key is the one of sharing, so it holds all that tells identities apart, for public answers too. What is given
 * again says so as a cache does (RFC 9111, 5.1; RFC 9211).
 */
import type { Answer } from '../http/answer.ts';
import type { AnswerStore, KeptAnswer } from './answer-store.ts';
import type { OperationSharing, SharingKey } from './share-operations.ts';

export interface KeepAnswersOptions {
  /** Makes what is not kept; it clears the store when a mutation has ended. */
  readonly sharing: OperationSharing;
  readonly store: AnswerStore;
}

export function keepAnswers({ sharing, store }: KeepAnswersOptions): OperationSharing {
  const agedOf = createAging();
  const find = (key: SharingKey): { readonly kept: KeptAnswer | undefined; readonly keys: readonly string[] } => {
    const known = store.get(key.text);
    if (known !== undefined) return { kept: known, keys: [] };
    const means = key.meaning();
    if (means === undefined) return { kept: undefined, keys: [key.text] };
    return { kept: store.get(means), keys: [key.text, means] };
  };
  return {
    ...sharing,
    async join(key, caller, execute) {
      // Whoever says something about caches wants no other answer than a new one.
      if (key.wantsNew) return sharing.join(key, caller, execute);
      const { kept, keys } = find(key);
      if (kept !== undefined) return agedOf(kept);
      const { version } = store;
      const answer = await sharing.join(key, caller, execute);
      // A mutation has ended in the meantime: this may be what was there before it.
      if (store.version === version) for (const name of keys) store.set(name, answer, lifetimeOf(answer));
      return answer;
    },
  };
}

/** In seconds; 0 for what must not be kept. Only what has no error is given a lifetime where the answer is made. */
function lifetimeOf({ status, headers }: Answer): number {
  const told = headers.get('cache-control') ?? 'no-store';
  if (status !== 200 || headers.has('set-cookie') || /no-(?:store|cache)/.test(told)) return 0;
  return Number(/\bmax-age=(\d+)/.exec(told)?.[1] ?? 0);
}

/** One object for all who get the answer within the same second, so that what is made of it for one is there for all. */
function createAging(): (kept: KeptAnswer) => Answer {
  const known = new WeakMap<Answer, { readonly ageSeconds: number; readonly aged: Answer }>();
  return ({ answer, ageSeconds, leftSeconds }) => {
    const before = known.get(answer);
    if (before?.ageSeconds === ageSeconds) return before.aged;
    const headers = new Map(answer.headers)
      .set('age', `${ageSeconds}`)
      .set('cache-status', `tributary; hit; ttl=${leftSeconds}`);
    const aged = { ...answer, headers };
    known.set(answer, { ageSeconds, aged });
    return aged;
  };
}
