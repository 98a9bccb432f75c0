/** One call for one page, and what the walk over pages must know of its answer. */
import { isObject, type Maybe } from '../../mapping/value.ts';
import type { PageRule } from '../../spec/connector.ts';
import type { Answer } from '../answer.ts';
import type { RunOptions, ConnectorRunner } from '../connector-runner.ts';
import type { ConnectorContext } from '../connector-context.ts';
import type { Outcome } from '../failure.ts';
import type { CallInput } from '../variables.ts';
import { everything, type WantedFields } from '../wanted.ts';
import { tokenOf, type Token } from './cursor.ts';
import { findLink, parameterOf } from './link-header.ts';
import { itemsFieldOfConnector } from './want-items.ts';

/** A page as it came. */
export interface ServicePage {
  readonly answer: Answer;
  /** Undefined when the answer is null as a whole: there is no list. */
  readonly itemCount: number | undefined;
  /** How many items the whole list has, when the selection gives a `totalCount`. */
  readonly total: number | undefined;
  /** `cursor`, `link`: where the next page is; null on the last one. */
  readonly next: Token;
  /** `page`, `offset`: whether there is more, when the service says so. */
  readonly hasMore: boolean | undefined;
}

/** Asks for one page: where it begins, in the way of the service, and how many items. */
export type LoadPage = (after: Token, first: number) => Promise<Outcome<ServicePage>>;

/** Prepares a connector for loading pages. */
export function preparePageSource(
  runner: ConnectorRunner,
  rule: PageRule,
): (input: CallInput, context: ConnectorContext, options: RunOptions) => LoadPage {
  const itemsField = itemsFieldOfConnector(runner.connector);
  // Counting needs nothing of the items
  const counting: WantedFields = {
    fields: new Map([['totalCount', everything]]),
    asked: new Set(),
    id: '(items and totalCount)',
  };
  return (input, context, options) => async (after, first) => {
    const args = { ...input.args, after, first };
    const outcome = await runner.run({ ...input, args }, context, options);
    if (outcome.kind === 'failure') return outcome;
    const answer = outcome.value;
    const counted = runner.selections.for(counting).evaluate(answer.body, answer.variables).value;
    const page = { answer, next: nextOf(answer, rule), hasMore: hasMore(answer, rule) };
    if (counted === null || counted === undefined) {
      return { kind: 'value', value: { ...page, itemCount: undefined, total: undefined } };
    }
    // Many services leave an empty list out
    const items = memberOf(counted, itemsField) ?? [];
    if (!isObject(counted) || !Array.isArray(items)) {
      return runner.failShape(answer.status, 'The answer for a page does not map to a list of items');
    }
    const total = memberOf(counted, 'totalCount');
    const isTotal = Number.isSafeInteger(total);
    return {
      kind: 'value',
      value: { ...page, itemCount: items.length, total: isTotal ? (total as number) : undefined },
    };
  };
}

function nextOf(answer: Answer, { style, next, param }: PageRule): Token {
  if (style === 'cursor') return tokenOf(next?.evaluate(answer.body, answer.variables).value);
  if (style !== 'link' || param === undefined) return null;
  const links = memberOf(memberOf(answer.variables['$response'], 'headers'), 'link');
  const target = findLink(Array.isArray(links) ? links.map(String) : [], 'next');
  return target === undefined ? null : tokenOf(parameterOf(target, param));
}

function hasMore(answer: Answer, { style, next }: PageRule): boolean | undefined {
  if (!next || style === 'cursor' || style === 'link') return undefined;
  const value = next.evaluate(answer.body, answer.variables).value;
  return value !== undefined && value !== null && value !== false && value !== '';
}

const memberOf = (value: Maybe, name: string): Maybe =>
  isObject(value) && Object.hasOwn(value, name) ? (value[name] ?? undefined) : undefined;
