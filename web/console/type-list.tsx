/** The types of the schema with their fields: enough to write a query without leaving the page. */
import { useState } from 'react';
import {
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  isUnionType,
  type GraphQLNamedType,
  type GraphQLSchema,
} from 'graphql';
import type { SchemaState } from './graph.ts';

interface TypeListProps {
  readonly schemaState: SchemaState;
  readonly onRetry: () => void;
}

export function TypeList({ schemaState, onRetry }: TypeListProps) {
  switch (schemaState.state) {
    case 'loading':
      return <p className="faint">Reading the schema …</p>;
    case 'hidden':
      return (
        <p>
          Introspection is off, so the schema can’t be shown; the setting <code>server.introspection</code> turns it on.
        </p>
      );
    case 'unreachable':
      return (
        <>
          <p>The schema can’t be read: {schemaState.reason}.</p>
          <button type="button" className="quiet" onClick={onRetry}>
            Try again
          </button>
        </>
      );
    case 'known':
      return <KnownTypes schema={schemaState.schema} />;
  }
}

function KnownTypes({ schema }: { readonly schema: GraphQLSchema }) {
  const [wanted, setWanted] = useState('');
  const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()];
  const types = Object.values(schema.getTypeMap())
    .filter(({ name }) => !name.startsWith('__'))
    .filter((type) => mentions(type, wanted.trim().toLowerCase()))
    .toSorted((one, other) => rank(one, roots) - rank(other, roots) || one.name.localeCompare(other.name));
  return (
    <>
      <label className="find">
        Find a type or field
        <input type="search" value={wanted} onChange={(event) => setWanted(event.currentTarget.value)} />
      </label>
      {types.length === 0 && <p className="faint">No type or field is called like that.</p>}
      {types.map((type) => (
        <details key={type.name} open={type === roots[0] || wanted.trim().length > 1}>
          <summary>{type.name}</summary>
          {type.description && <p>{type.description}</p>}
          <ul>
            {membersOf(type).map(({ text, description }) => (
              <li key={text}>
                <code>{text}</code>
                {description && <span className="faint">{description}</span>}
              </li>
            ))}
          </ul>
        </details>
      ))}
    </>
  );
}

interface Member {
  readonly text: string;
  readonly description?: string | null | undefined;
}

function membersOf(type: GraphQLNamedType): readonly Member[] {
  if (isObjectType(type) || isInterfaceType(type)) {
    return Object.values(type.getFields()).map((field) => {
      const args = field.args.map((arg) => `${arg.name}: ${arg.type.toString()}`).join(', ');
      return {
        text: `${field.name}${args === '' ? '' : `(${args})`}: ${field.type.toString()}`,
        description: field.description,
      };
    });
  }
  if (isInputObjectType(type)) {
    return Object.values(type.getFields()).map((field) => ({
      text: `${field.name}: ${field.type.toString()}`,
      description: field.description,
    }));
  }
  if (isEnumType(type)) return type.getValues().map(({ name, description }) => ({ text: name, description }));
  if (isUnionType(type)) return type.getTypes().map(({ name }) => ({ text: name }));
  return [];
}

const mentions = (type: GraphQLNamedType, wanted: string): boolean =>
  type.name.toLowerCase().includes(wanted) || membersOf(type).some(({ text }) => text.toLowerCase().includes(wanted));

/** Root types first, scalars last. */
function rank(type: GraphQLNamedType, roots: readonly unknown[]): number {
  const at = roots.indexOf(type);
  if (at !== -1) return at;
  return membersOf(type).length > 0 ? 3 : 4;
}
