import { describe, expect, it } from 'vitest';
import { KnownAnswers } from '../../gateway/upstream/known-answers.ts';

const bytesOf = (text: string): Buffer => Buffer.from(text);

/** Reads texts one after the other; says what each gave and how often anything was read. */
function createReader(limits?: ConstructorParameters<typeof KnownAnswers>[0]) {
  const known = new KnownAnswers(limits);
  const reader = {
    reads: 0,
    read: (text: string) =>
      known.read(bytesOf(text), 128, () => {
        reader.reads++;
        return { kind: 'json', value: JSON.parse(text) };
      }),
  };
  return reader;
}

describe('answers that came before', () => {
  it('are read twice, and then no more', () => {
    const reader = createReader();
    const [first, second, third] = [1, 2, 3].map(() => reader.read('{"stock":1}'));
    expect(reader.reads).toBe(2);
    expect(third!.body).toBe(second!.body);
    expect([first, second, third].map((answer) => answer!.isShared)).toEqual([false, true, true]);
    expect(first!.body).not.toBe(second!.body);
  });

  it('are told apart by every byte, also where their marks are the same', () => {
    const reader = createReader();
    const textOf = (at: number): string => `["${'x'.repeat(1000)}${at}${'x'.repeat(1000)}"]`;
    for (const at of [1, 1, 2, 1, 2, 2, 2]) {
      expect(reader.read(textOf(at)).body).toEqual({ kind: 'json', value: JSON.parse(textOf(at)) });
    }
  });

  it('are let go when they are too many, and large ones are not kept', () => {
    const reader = createReader({ bytes: 30, entryBytes: 20 });
    const texts = ['"aaaaaaaa"', '"bbbbbbbb"', '"cccccccc"', '"dddddddd"'];
    for (const text of texts) for (const _ of [1, 2]) reader.read(text);
    expect(texts.map((text) => reader.read(text).isShared)).toEqual([false, true, true, true]);
    for (const _ of [1, 2, 3]) expect(reader.read(`"${'e'.repeat(20)}"`).isShared).toBe(false);
  });

  it('of which one does not read are not kept', () => {
    const known = new KnownAnswers();
    const refuse = () => {
      throw new SyntaxError('no');
    };
    for (const _ of [1, 2, 3]) expect(() => known.read(bytesOf('{'), 128, refuse)).toThrow('no');
  });
});
