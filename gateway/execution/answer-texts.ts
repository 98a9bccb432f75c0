/** Answers that are given more than once are written once: their text stays beside them as long as they are there. */
import type { FormattedExecutionResult } from 'graphql';
import { stringifyJson } from '../upstream/index.ts';

export class AnswerTexts {
  readonly #texts = new WeakMap<object, string>();

  /** The data as JSON, which is kept. */
  write(data: object): string {
    const text = stringifyJson(data);
    this.#texts.set(data, text);
    return text;
  }

  /** The whole result as JSON. */
  stringify(result: FormattedExecutionResult): string {
    const { data, errors, extensions } = result;
    const text = data === null || data === undefined ? undefined : this.#texts.get(data);
    if (text === undefined || errors !== undefined) return stringifyJson(result);
    return extensions === undefined ? `{"data":${text}}` : `{"data":${text},"extensions":${stringifyJson(extensions)}}`;
  }
}
