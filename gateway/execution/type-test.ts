/** Whether an object fits a type condition, by names: the only question about types that walking a plan asks. */
import { isAbstractType, isInterfaceType, isObjectType, type GraphQLSchema } from 'graphql';

export type IsOfType = (typename: string, condition: string) => boolean;

export function createTypeTest(schema: GraphQLSchema): IsOfType {
  return (typename, condition) => {
    if (typename === condition) return true;
    const conditionType = schema.getType(condition);
    const type = schema.getType(typename);
    if (!isAbstractType(conditionType) || !(isObjectType(type) || isInterfaceType(type))) return false;
    return schema.isSubType(conditionType, type);
  };
}
