import { describe, expect, it } from 'vitest';
import { packText, unpackText } from '../../src/store/packed-text.ts';

describe('A packed text', () => {
  it.each([
    ['short', '{"a":1}'],
    [
      'long',
      JSON.stringify(Array.from({ length: 1_000 }, (_, i) => ({ id: `twin ${i}`, name: 'Zähler 温度 😀 \u0000' }))),
    ],
    ['empty', ''],
  ])('comes back as it was: %s', async (_, text) => {
    expect(await unpackText(await packText(text))).toBe(text);
  });

  it('stays readable when it is short, and is a fraction of its length when it is long', async () => {
    expect(await packText('{"a":1}')).toBe('{"a":1}');
    const text = JSON.stringify(Array.from({ length: 1_000 }, (_, i) => ({ id: i, value: i })));
    expect((await packText(text)).length).toBeLessThan(text.length / 3);
  });
});
