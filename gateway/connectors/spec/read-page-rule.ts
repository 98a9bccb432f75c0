/** Reads a use of `@tributaryPage`: which arguments belong to which style, and numbers that make sense. */
import { Kind, type ConstDirectiveNode, type ConstValueNode } from 'graphql';
import { didYouMean } from '../../errors/did-you-mean.ts';
import type { PageRule, PageStyle } from './connector.ts';
import type { FaultSink } from './fault-sink.ts';
import { argumentOf, stringOf } from './link.ts';
import { compact, type PartReader } from './read-parts.ts';

const code = 'INVALID_TRIBUTARY_ARGUMENT';
const styles: readonly PageStyle[] = ['page', 'offset', 'cursor', 'link'];
const numbers = ['fixedSize', 'defaultSize', 'maxSize', 'maxCalls', 'firstPage'] as const;

/** Undefined when the style is unknown; everything else that is wrong is reported, and reading goes on. */
export function readPageRule(
  directive: ConstDirectiveNode,
  reader: PartReader,
  faults: FaultSink,
): PageRule | undefined {
  const written = argumentOf(directive, 'style');
  const style = styles.find((known) => known === stringOf(written));
  if (!style) {
    const text = stringOf(written) ?? '';
    const hint = didYouMean(text, styles) ?? `Styles: ${styles.join(', ')}`;
    faults.report(code, `Unknown style "${text}" of pages`, written ?? directive, hint);
    return undefined;
  }
  checkBelonging(directive, style, faults);
  for (const name of numbers) {
    const node = argumentOf(directive, name);
    const least = name === 'firstPage' ? 0 : 1;
    if (node && intOf(node) < least) faults.report(code, `"${name}" must be at least ${least}`, node);
  }
  const number = (name: (typeof numbers)[number]): number | undefined => {
    const node = argumentOf(directive, name);
    return node && intOf(node);
  };
  const maxSize = number('maxSize') ?? 100;
  const defaultSize = number('defaultSize') ?? Math.min(20, maxSize);
  if (defaultSize > maxSize) {
    faults.report(code, `"defaultSize" is ${defaultSize}, more than "maxSize", which is ${maxSize}`, directive);
  }
  return compact({
    directive,
    style,
    next: reader.readMapping(argumentOf(directive, 'next'), code),
    param: stringOf(argumentOf(directive, 'param')),
    fixedSize: number('fixedSize'),
    defaultSize,
    maxSize,
    maxCalls: number('maxCalls') ?? 10,
    firstPage: number('firstPage') ?? 1,
  });
}

function checkBelonging(directive: ConstDirectiveNode, style: PageStyle, faults: FaultSink): void {
  const next = argumentOf(directive, 'next');
  const param = argumentOf(directive, 'param');
  const firstPage = argumentOf(directive, 'firstPage');
  if (style === 'cursor' && !next) {
    const hint = 'For example next: "$.meta.next_page_token"';
    faults.report(code, 'Style "cursor" needs "next", which finds the token of the next page', directive, hint);
  }
  if (style === 'link' && !param) {
    const hint = 'For example param: "page", when the link is <…?page=2>; rel="next"';
    const message = 'Style "link" needs "param", the query parameter of the link that says where to go on';
    faults.report(code, message, directive, hint);
  }
  if (style === 'link' && next) {
    faults.report(code, 'Style "link" finds the next page in the header, not with "next"', next);
  }
  if (style !== 'link' && param) faults.report(code, `"param" belongs to style "link", not "${style}"`, param);
  if (style !== 'page' && firstPage) {
    faults.report(code, `"firstPage" belongs to style "page", not "${style}"`, firstPage);
  }
}

const intOf = (node: ConstValueNode): number => (node.kind === Kind.INT ? Number(node.value) : 0);
