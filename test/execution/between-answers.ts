/** Answers with more and with fewer nulls: what must hold where two gateways do not ask for the same entities together. */
import type { FormattedExecutionResult } from 'graphql';
import { expect } from 'vitest';

type Path = readonly string[];

/**
 * Where a list fails because of one entity, whoever asks for fewer at once loses less. So the answer has all of what there is at
 * least, and nothing beyond what there is at most; each null that need not be has an error.
 */
export function expectBetween(
  least: FormattedExecutionResult,
  answer: FormattedExecutionResult,
  most: FormattedExecutionResult,
): void {
  expect(lossesOf(least.data, answer.data).others, 'less than at least').toEqual([]);
  const { nulls, others } = lossesOf(answer.data, most.data);
  expect(others, 'more than at most').toEqual([]);
  const told = (answer.errors ?? []).map(({ path = [] }) => path.filter((element) => typeof element === 'string'));
  const unexplained = nulls.filter((place) => !told.some((names) => isPrefix(names, place) || isPrefix(place, names)));
  expect(unexplained, 'nulls without an error').toEqual([]);
}

interface Losses {
  /** Where the first has null for something of the second. */
  readonly nulls: Path[];
  /** Where it has anything else that the second has not. */
  readonly others: Path[];
}

/** Places by the names on the way. */
function lossesOf(less: unknown, more: unknown, path: Path = [], losses: Losses = { nulls: [], others: [] }): Losses {
  if (less === more) return losses;
  if (less === null) losses.nulls.push(path);
  else if (!isComposite(less) || !isComposite(more) || !hasSameKeys(less, more)) losses.others.push(path);
  else {
    for (const [key, value] of Object.entries(less)) {
      lossesOf(value, (more as Record<string, unknown>)[key], Array.isArray(less) ? path : [...path, key], losses);
    }
  }
  return losses;
}

const isComposite = (value: unknown): value is object => typeof value === 'object' && value !== null;

const hasSameKeys = (one: object, other: object): boolean =>
  Array.isArray(one) === Array.isArray(other) &&
  Object.keys(one).length === Object.keys(other).length &&
  Object.keys(one).every((key) => key in other);

const isPrefix = (prefix: Path, path: Path): boolean => prefix.every((name, index) => name === path[index]);
