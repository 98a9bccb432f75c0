/** Rule 9: `result`, `page.items`, `page.info`, `page.total`, a key or a version that the selection or the type does not have. */
import { getNullableType, isCompositeType, isListType, isObjectType, isInterfaceType } from 'graphql';
import { didYouMean } from '../../../errors/did-you-mean.ts';
import { argumentNode, type Declaration } from '../declaration.ts';
import { fieldAt } from '../selection-shape.ts';
import type { FieldShape } from '../route.ts';
import type { Rule, RuleContext } from './rule.ts';

/** The representation of a declaration, when its path leads to one. */
export function resultOf({ root, resultPath }: Declaration): FieldShape | undefined {
  return resultPath[0] === root.key ? fieldAt(root, resultPath.slice(1)) : undefined;
}

/** Where a list lies above the representation: a path cannot go through it. */
function hasListAbove({ root, resultPath }: Declaration): boolean {
  return resultPath
    .slice(0, -1)
    .some((_, i) => isListType(getNullableType(fieldAt(root, resultPath.slice(1, i + 1))?.type)));
}

const keysOf = (field: FieldShape): string[] =>
  [...(field.selection?.variants.values() ?? [])].flatMap((variant) => [...variant.fields.keys()]);

function checkPage(declaration: Declaration, result: FieldShape, report: RuleContext['report']): void {
  const { collection, name } = declaration;
  if (!collection) return;
  const page = collection.values.page;
  const node = argumentNode(collection.node, 'page');
  if (!page) {
    if (!isListType(getNullableType(result.type))) {
      report(`The result of "${name}" is not a list, so @collection needs "page" to name its items`, collection.node);
    }
    return;
  }
  for (const part of ['items', 'info', 'total'] as const) {
    const path = page[part];
    if (path === undefined) continue;
    const field = fieldAt(result, path.split('.'));
    if (!field) {
      report(`"${name}" does not select "${path}", which page.${part} names`, node, didYouMean(path, keysOf(result)));
    } else if (part === 'items' && !isListType(getNullableType(field.type))) {
      report(`"${path}", which page.items of "${name}" names, is not a list`, node);
    }
  }
}

function checkResource({ resource, name }: Declaration, { schema, report }: RuleContext): void {
  if (!resource) return;
  const type = schema.getType(resource.values.type);
  if (!isObjectType(type) && !isInterfaceType(type)) {
    const objects = Object.values(schema.getTypeMap()).filter((one) => isObjectType(one) && !one.name.startsWith('__'));
    const hint = didYouMean(
      resource.values.type,
      objects.map((one) => one.name),
    );
    report(
      `@resource of "${name}" names "${resource.values.type}", which is no object type`,
      argumentNode(resource.node, 'type'),
      hint,
    );
    return;
  }
  const fields = type.getFields();
  for (const [part, names] of [
    ['key', resource.values.key],
    ['version', [resource.values.version ?? '']],
  ] as const) {
    for (const field of names) {
      if (field === '' || fields[field]) continue;
      const hint = didYouMean(field, Object.keys(fields));
      report(
        `Type "${type.name}" has no field "${field}", which the ${part} of "${name}" names`,
        argumentNode(resource.node, part),
        hint,
      );
    }
  }
}

export const knownPaths: Rule = (context) => {
  for (const declaration of context.declarations) {
    const { http, name, root, resultPath } = declaration;
    const result = resultOf(declaration);
    const node = argumentNode(http.node, 'result');
    if (!result) {
      const known = [root.key, ...keysOf(root).map((key) => `${root.key}.${key}`)];
      context.report(
        `"${name}" does not select "${resultPath.join('.')}", which "result" names`,
        node,
        didYouMean(resultPath.join('.'), known),
      );
    } else if (hasListAbove(declaration)) {
      context.report(`The path "${resultPath.join('.')}" of "${name}" goes through a list`, node);
    } else {
      checkPage(declaration, result, context.report);
    }
    checkResource(declaration, context);
    const { resource } = declaration;
    const named = result?.selection?.typeName;
    if (
      resource &&
      named !== undefined &&
      named !== resource.values.type &&
      isCompositeType(context.schema.getType(resource.values.type))
    ) {
      context.report(
        `The result of "${name}" is "${named}", but @resource says "${resource.values.type}"`,
        argumentNode(resource.node, 'type'),
      );
    }
  }
};
