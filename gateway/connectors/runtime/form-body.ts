/** Form bodies: nested keys in brackets, null as an empty value, empty lists and objects vanish (connectors.md 9.5). */
import { isObject, scalarText, type Value } from '../mapping/value.ts';
import { RequestFault } from './request-fault.ts';

const formContentType = 'application/x-www-form-urlencoded';

/** Whether a content-type, with or without parameters, asks for a form. */
export const isFormContentType = (contentType: string): boolean =>
  (contentType.split(';', 1)[0] ?? '').trim().toLowerCase() === formContentType;

export function buildFormBody(value: Value): string {
  if (!isObject(value)) throw new RequestFault('A form body must be an object');
  const pairs = new URLSearchParams();
  for (const name of Object.keys(value)) addPairs(pairs, name, value[name]!);
  return pairs.toString();
}

function addPairs(pairs: URLSearchParams, name: string, value: Value): void {
  if (Array.isArray(value)) value.forEach((item, index) => addPairs(pairs, `${name}[${index}]`, item));
  else if (isObject(value)) for (const key of Object.keys(value)) addPairs(pairs, `${name}[${key}]`, value[key]!);
  else pairs.append(name, scalarText(value));
}
