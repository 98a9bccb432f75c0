/** Runs a connector for the client's arguments: one call, or with `@tributaryPage` as many as the asked-for items need. */
import { mayProvide } from '../../mapping/shape.ts';
import type { PageRule } from '../../spec/connector.ts';
import type { Loaded } from '../answer.ts';
import type { ConnectorContext } from '../connector-context.ts';
import type { ConnectorRunner, RunOptions } from '../connector-runner.ts';
import type { Outcome } from '../failure.ts';
import type { CallInput } from '../variables.ts';
import { Connection } from './connection.ts';
import { preparePageSource } from './page-source.ts';
import { readWindow } from './read-window.ts';
import { itemsFieldOfConnector } from './want-items.ts';
import { walkItems } from './walk-items.ts';
import { walkTokens } from './walk-tokens.ts';

export type Run = (input: CallInput, context: ConnectorContext, options?: RunOptions) => Promise<Outcome<Loaded>>;

/** Prepares, once, how a connector is run. */
export function prepareRun(runner: ConnectorRunner): Run {
  const { page } = runner.connector;
  return page ? preparePagedRun(runner, page) : (input, context, options) => runner.run(input, context, options);
}

function preparePagedRun(runner: ConnectorRunner, rule: PageRule): Run {
  const source = preparePageSource(runner, rule);
  const itemsField = itemsFieldOfConnector(runner.connector);
  const tells = rule.next !== undefined || mayProvide(runner.connector.shape, 'totalCount');
  return async (input, context, options = {}) => {
    const window = readWindow(input.args ?? {}, rule);
    if (window.kind === 'bad') return runner.failInput(window.argument, window.reason, options.isRoot);
    const load = source(input, context, options);
    const walked =
      window.kind === 'item' ? await walkItems(window, rule, tells, load) : await walkTokens(window, rule, load);
    return walked.kind === 'failure' ? walked : { kind: 'value', value: new Connection(walked.value, itemsField) };
  };
}
