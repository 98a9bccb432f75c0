/** `${NAME}` and `${NAME:-fallback}` in a value of the settings file (experience.md, section 10). */

export type Environment = Readonly<Record<string, string | undefined>>;

const variable = /\$\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}/g;

/** Replaces every variable; a name that is not set, and has no fallback, is listed and replaced by nothing. */
export function resolveVariables(text: string, environment: Environment): { text: string; missing: readonly string[] } {
  const missing = new Set<string>();
  const replaced = text.replace(variable, (_whole, name: string, fallback: string | undefined) => {
    const value = environment[name];
    // As in a shell, ":-" also stands in for a variable that is empty.
    if (fallback !== undefined) return value === undefined || value === '' ? fallback : value;
    if (value === undefined) missing.add(name);
    return value ?? '';
  });
  return { text: replaced, missing: [...missing] };
}
