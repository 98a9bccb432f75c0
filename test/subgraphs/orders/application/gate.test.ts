import { describe, expect, test } from 'vitest';
import { Gate } from '../../../../subgraphs/orders/application/gate.ts';

describe('Gate', () => {
  test('lets so many through at once, in the order they came', async () => {
    const gate = new Gate(2);
    const begun: number[] = [];
    const finish: (() => void)[] = [];
    const all = [0, 1, 2, 3].map((number) =>
      gate.run(async () => {
        begun.push(number);
        await new Promise<void>((resolve) => (finish[number] = resolve));
        return number;
      }),
    );
    expect(begun).toEqual([0, 1]);
    finish[1]!();
    await all[1];
    expect(begun).toEqual([0, 1, 2]);
    finish[0]!();
    finish[2]!();
    await all[2];
    await all[0];
    expect(begun).toEqual([0, 1, 2, 3]);
    finish[3]!();
    expect(await Promise.all(all)).toEqual([0, 1, 2, 3]);
  });

  test('gives its place on when the work fails', async () => {
    const gate = new Gate(1);
    const fail = gate.run(() => Promise.reject(new Error('no')));
    const next = gate.run(() => Promise.resolve('yes'));
    await expect(fail).rejects.toThrow('no');
    expect(await next).toBe('yes');
    expect(await gate.run(() => Promise.resolve('again'))).toBe('again');
  });

  test.each([0, -1, 1.5, Number.NaN])('refuses a limit of %s', (limit) => {
    expect(() => new Gate(limit)).toThrow(RangeError);
  });
});
