/**
 * Strings are measured and cut in UTF-8 bytes, and ordered by them, as Apollo does (connectors.md 8.8). A character is
 * never cut. No Node API here: the console runs the mapping language in the browser.
 */

const widthOf = (codePoint: number): number =>
  codePoint < 0x80 ? 1 : codePoint < 0x800 ? 2 : codePoint < 0x10000 ? 3 : 4;

/** Length in bytes. */
export function byteLength(text: string): number {
  let length = 0;
  for (const char of text) length += widthOf(char.codePointAt(0)!);
  return length;
}

/** The UTF-16 index of the character that holds the byte; the text's length when the byte lies beyond the end. */
export function indexOfByte(text: string, byte: number): number {
  let passed = 0;
  let index = 0;
  for (const char of text) {
    passed += widthOf(char.codePointAt(0)!);
    if (passed > byte) return index;
    index += char.length;
  }
  return text.length;
}

/** Byte order: negative, zero or positive. It is the order of code points, not of UTF-16 units. */
export function compareBytes(a: string, b: string): number {
  for (let index = 0; index < a.length && index < b.length;) {
    const [x, y] = [a.codePointAt(index)!, b.codePointAt(index)!];
    if (x !== y) return x - y;
    index += x > 0xffff ? 2 : 1;
  }
  return a.length - b.length;
}
