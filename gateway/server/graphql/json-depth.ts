/** Parsers and writers of JSON call themselves for each level: what is nested too deep is refused before one of them overflows. */

/** Levels of JSON within each other that variables may have. */
export const MOST_LEVELS = 100;

/** Whether JSON is nested deeper than is read; strings are looked over, everything else is left to the parser. */
export function isNestedTooDeep(json: Uint8Array): boolean {
  let depth = 0;
  let isInString = false;
  for (let at = 0; at < json.length; at++) {
    const byte = json[at]!;
    if (isInString) {
      if (byte === 92) at++;
      else if (byte === 34) isInString = false;
    } else if (byte === 34) isInString = true;
    else if (byte === 91 || byte === 123) {
      if (++depth > MOST_LEVELS) return true;
    } else if (byte === 93 || byte === 125) depth--;
  }
  return false;
}
