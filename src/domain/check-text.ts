/** What ids, names and keys may be made of. */
import { LIMITS } from './limits.ts';

// Control characters break logs, topics and CSV; lone surrogates cannot be written as UTF-8.
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const CONTROL = /[\u0000-\u001f\u007f]/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const CONTROL_BUT_LINES = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/;

/** What an id should have been, or null when it is one. */
export function whyNotId(value: unknown): string | null {
  return whyNotText(value, LIMITS.idLength, 'an id');
}

/** A tag, medium or group. */
export function whyNotKey(value: unknown): string | null {
  return whyNotText(value, LIMITS.keyLength, 'a text');
}

/** A property's name: any text without @, which sets a property's metadata apart in the graph. */
export function whyNotPropertyName(value: unknown): string | null {
  const why = whyNotText(value, LIMITS.keyLength, 'a property name');
  if (why !== null) return why;
  return (value as string).includes('@') ? 'a property name without @' : null;
}

export function whyNotName(value: unknown): string | null {
  return whyNotText(value, LIMITS.nameLength, 'a name');
}

export function whyNotDescription(value: unknown): string | null {
  const expected = `a text of at most ${LIMITS.descriptionLength} characters without control characters`;
  if (typeof value !== 'string' || value.length > LIMITS.descriptionLength) return expected;
  return CONTROL_BUT_LINES.test(value) || !value.isWellFormed() ? expected : null;
}

function whyNotText(value: unknown, longest: number, what: string): string | null {
  if (typeof value !== 'string') return `${what} (a string)`;
  if (value.length === 0 || value.length > longest) return `${what} of 1 to ${longest} characters`;
  if (isPlain(value)) return null;
  if (value.trim() === '') return `${what} that is more than blanks`;
  if (CONTROL.test(value)) return `${what} without control characters`;
  return value.isWellFormed() ? null : `${what} of whole Unicode characters`;
}

/** Of visible characters of ASCII alone, as nearly all are: quicker than the rules one by one. */
function isPlain(text: string): boolean {
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code <= 0x20 || code >= 0x7f) return false;
  }
  return true;
}
