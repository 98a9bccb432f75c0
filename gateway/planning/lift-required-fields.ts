/**
 * The planner knows fields by their response names, so a field with arguments that one `@requires` asks for cannot stand
 * beside the same field with other arguments, be it the client's or that of another `@requires`: one of them would get the
 * value meant for the other. So each required field that has arguments becomes a hidden field of its own, without any:
 *
 *     tax: Int @requires(fields: "price(in: \"USD\")")   is planned as   @requires(fields: "required0_price")
 *
 * `restore-fetch.ts` gives the field its name and arguments back in what is sent.
 */
import {
  Kind,
  print,
  visit,
  type ArgumentNode,
  type ConstArgumentNode,
  type ConstDirectiveNode,
  type DocumentNode,
  type FieldDefinitionNode,
  type FieldNode,
  type SelectionSetNode,
} from 'graphql';
import { fieldsTypesOf, namedType, parseFieldSet, subgraphNamesOf, type FieldsType } from './supergraph-document.ts';

/** What a hidden field stands for. */
export interface LiftedField {
  readonly name: string;
  readonly arguments: readonly ArgumentNode[];
}

export interface LiftedSupergraph {
  readonly document: DocumentNode;
  /** By the name of the hidden field. */
  readonly lifted: ReadonlyMap<string, LiftedField>;
  /** Paths of the hidden fields that a field requires, as "product.required0_price", by `requirementKey`. */
  readonly requirements: ReadonlyMap<string, readonly string[]>;
}

export const requirementKey = (subgraph: string, type: string, field: string): string => `${subgraph} ${type}.${field}`;

export function liftRequiredFields(supergraph: DocumentNode): LiftedSupergraph {
  const types = new Map(fieldsTypesOf(supergraph).map((type) => [type.name.value, type]));
  const lifter = new Lifter(types);
  for (const type of types.values()) {
    for (const field of type.fields ?? []) field.directives?.forEach((mark) => lifter.rewrite(type.name.value, mark));
  }
  if (lifter.lifted.size === 0) return { document: supergraph, lifted: lifter.lifted, requirements: new Map() };
  const document = visit(supergraph, {
    ObjectTypeDefinition: (type) => lifter.withHiddenFields(type),
    InterfaceTypeDefinition: (type) => lifter.withHiddenFields(type),
  });
  return { document, lifted: lifter.lifted, requirements: requirementsOf(document, lifter.lifted) };
}

class Lifter {
  readonly lifted = new Map<string, LiftedField>();
  readonly #types: ReadonlyMap<string, FieldsType>;
  readonly #names = new Map<string, string>();
  /** Names of hidden fields by type and the field they stand for. */
  readonly #hidden = new Map<string, Map<string, Set<string>>>();

  constructor(types: ReadonlyMap<string, FieldsType>) {
    this.#types = types;
  }

  /** The directive with required fields replaced by hidden ones; notes which are needed. */
  rewrite(type: string, mark: ConstDirectiveNode): ConstDirectiveNode {
    const requires = requiresOf(mark);
    if (requires === undefined) return mark;
    const selectionSet = this.#rewriteSelections(type, parseFieldSet(requires));
    const fields = print(selectionSet)
      .replace(/^\{|\}$/g, '')
      .replace(/\s+/g, ' ')
      .trim();
    const args = (mark.arguments ?? []).map((arg): ConstArgumentNode =>
      arg.name.value === 'requires' ? { ...arg, value: { kind: Kind.STRING, value: fields } } : arg,
    );
    return { ...mark, arguments: args };
  }

  withHiddenFields(type: FieldsType): FieldsType {
    const hidden = this.#hidden.get(type.name.value);
    const fields = (type.fields ?? []).flatMap((field): FieldDefinitionNode[] => {
      const directives = (field.directives ?? []).map((mark) => this.rewrite(type.name.value, mark));
      const own = { ...field, directives };
      const copies = [...(hidden?.get(field.name.value) ?? [])].map((name): FieldDefinitionNode => ({
        ...own,
        name: { kind: Kind.NAME, value: name },
        arguments: [],
      }));
      return [own, ...copies];
    });
    return { ...type, fields };
  }

  #rewriteSelections(type: string, selectionSet: SelectionSetNode): SelectionSetNode {
    const selections = selectionSet.selections.map((selection) => {
      if (selection.kind === Kind.FIELD) return this.#rewriteField(type, selection);
      if (selection.kind === Kind.FRAGMENT_SPREAD) return selection;
      const condition = selection.typeCondition?.name.value ?? type;
      return { ...selection, selectionSet: this.#rewriteSelections(condition, selection.selectionSet) };
    });
    return { ...selectionSet, selections };
  }

  #rewriteField(type: string, field: FieldNode): FieldNode {
    const definition = this.#types.get(type)?.fields?.find(({ name }) => name.value === field.name.value);
    if (definition === undefined) return field;
    const below = field.selectionSet;
    const selectionSet = below && this.#rewriteSelections(namedType(definition.type), below);
    const rewritten = { ...field, ...(selectionSet === undefined ? {} : { selectionSet }) };
    if ((definition.arguments ?? []).length === 0) return rewritten;
    const name = this.#hiddenNameOf(field);
    this.#addHidden(type, field.name.value, name);
    // Whoever reads an interface may meet any type below it.
    for (const other of this.#types.values()) {
      if (other.interfaces?.some((implemented) => implemented.name.value === type)) {
        this.#addHidden(other.name.value, field.name.value, name);
      }
    }
    return { ...rewritten, name: { kind: Kind.NAME, value: name }, arguments: [] };
  }

  /** The same for the same arguments, whatever the type: types below one interface have to agree. */
  #hiddenNameOf(field: FieldNode): string {
    const args = field.arguments ?? [];
    const key = `${field.name.value}(${args.map(print).toSorted().join(', ')})`;
    const known = this.#names.get(key);
    if (known !== undefined) return known;
    const taken = new Set([...this.#types.values()].flatMap(({ fields = [] }) => fields.map(({ name }) => name.value)));
    let name = `required${this.#names.size}_${field.name.value}`;
    while (taken.has(name)) name = `_${name}`;
    this.#names.set(key, name);
    this.lifted.set(name, { name: field.name.value, arguments: args });
    return name;
  }

  #addHidden(type: string, field: string, name: string): void {
    const ofType = this.#hidden.get(type) ?? new Map<string, Set<string>>();
    this.#hidden.set(type, ofType.set(field, (ofType.get(field) ?? new Set()).add(name)));
  }
}

/** Read from the rewritten supergraph. */
function requirementsOf(document: DocumentNode, lifted: ReadonlyMap<string, LiftedField>): Map<string, string[]> {
  const names = subgraphNamesOf(document);
  const requirements = new Map<string, string[]>();
  for (const type of fieldsTypesOf(document)) {
    for (const field of type.fields ?? []) {
      for (const mark of field.directives ?? []) {
        const requires = requiresOf(mark);
        const graph = mark.arguments?.find(({ name }) => name.value === 'graph')?.value;
        if (requires === undefined || graph?.kind !== Kind.ENUM) continue;
        const paths = hiddenPaths(parseFieldSet(requires), '', lifted);
        const key = requirementKey(names.get(graph.value) ?? graph.value, type.name.value, field.name.value);
        if (paths.length > 0) requirements.set(key, paths);
      }
    }
  }
  return requirements;
}

function hiddenPaths(
  selectionSet: SelectionSetNode,
  above: string,
  lifted: ReadonlyMap<string, LiftedField>,
): string[] {
  return selectionSet.selections.flatMap((selection) => {
    if (selection.kind === Kind.FRAGMENT_SPREAD) return [];
    if (selection.kind === Kind.INLINE_FRAGMENT) return hiddenPaths(selection.selectionSet, above, lifted);
    const here = `${above}${selection.name.value}`;
    const below = selection.selectionSet === undefined ? [] : hiddenPaths(selection.selectionSet, `${here}.`, lifted);
    return lifted.has(selection.name.value) ? [here, ...below] : below;
  });
}

function requiresOf({ name, arguments: args = [] }: ConstDirectiveNode): string | undefined {
  if (name.value !== 'join__field') return undefined;
  const value = args.find((arg) => arg.name.value === 'requires')?.value;
  return value?.kind === Kind.STRING ? value.value : undefined;
}
