/** What was typed into a field of a form, without the blanks around it. */
export function readField(given: FormData, name: string): string {
  const value = given.get(name);
  return typeof value === 'string' ? value.trim() : '';
}
