/** Whole numbers with more digits than a JavaScript number keeps: JSON.parse rounds them without a word. */

/** Whether the text of a whole number would come to another number. */
export function losesDigits(text: string): boolean {
  return /^-?\d{16,400}$/.test(text) && BigInt(text) !== BigInt(Number(text));
}

const MANY_DIGITS = /\d{16}/;
const STRING = /"(?:[^"\\]|\\.)*"/g;
const WHOLE_NUMBER = /(?<![\d.eE+-])-?\d{16,400}(?![\d.eE])/g;

/** The first such number outside of strings in a text that is JSON; undefined where there is none. */
export function findLostDigits(json: string): string | undefined {
  if (!MANY_DIGITS.test(json)) return undefined;
  return json.replaceAll(STRING, '""').match(WHOLE_NUMBER)?.find(losesDigits);
}
