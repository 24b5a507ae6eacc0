/**
 * Templates of the mapping: `{namespace}:{name}`. A part in brackets falls away when a name in it is missing or empty:
 * `[{shadow}.]{key}`. They are also read backwards, to find the source's names of a property that is desired.
 */
import type { Names } from './dialects/dialect.ts';

type Piece = { readonly text: string } | { readonly name: string } | { readonly optional: readonly Piece[] };

export interface Template {
  readonly text: string;
  readonly names: readonly string[];
  readonly pieces: readonly Piece[];
  /** With a group for each name. */
  readonly inverse: RegExp;
}

const TOKEN = /\{(\w+)\}|([[\]])|([^[\]{}]+)/gy;

/** The template, or null for text that is none. */
export function parseTemplate(text: string): Template | null {
  const outer: Piece[] = [];
  const names: string[] = [];
  let inner: Piece[] | null = null;
  let end = 0;
  for (const [token, name, bracket, plain] of text.matchAll(TOKEN)) {
    end += token.length;
    if (bracket === '[') {
      if (inner !== null) return null;
      inner = [];
    } else if (bracket === ']') {
      if (inner === null) return null;
      outer.push({ optional: inner });
      inner = null;
    } else {
      if (name !== undefined) names.push(name);
      (inner ?? outer).push(name === undefined ? { text: plain ?? '' } : { name });
    }
  }
  if (end !== text.length || inner !== null || outer.length === 0 || new Set(names).size !== names.length) return null;
  return { text, names, pieces: outer, inverse: new RegExp(`^${sourceOf(outer)}$`, 'su') };
}

/** null: a name that it needs is missing. */
export function renderTemplate({ pieces }: Template, names: Names): string | null {
  const text = render(pieces, names);
  return text.isWhole ? text.text : null;
}

/** As far as the names go: the beginning of what the whole would be. */
export function renderBeginning({ pieces }: Template, names: Names): { text: string; isWhole: boolean } {
  return render(pieces, names);
}

/** The names that give this text; null: none do. Of several ways to cut it, the first names are the shortest. */
export function invertTemplate({ inverse }: Template, text: string): Names | null {
  const groups = inverse.exec(text)?.groups;
  if (groups === undefined) return inverse.test(text) ? {} : null;
  return Object.fromEntries(Object.entries(groups).filter(([, value]) => value !== undefined));
}

function render(pieces: readonly Piece[], names: Names): { text: string; isWhole: boolean } {
  let text = '';
  for (const piece of pieces) {
    if ('text' in piece) text += piece.text;
    else if ('optional' in piece) {
      const inner = render(piece.optional, names);
      if (inner.isWhole) text += inner.text;
    } else {
      const value = Object.hasOwn(names, piece.name) ? names[piece.name] : undefined;
      if (value === undefined || value === '') return { text, isWhole: false };
      text += value;
    }
  }
  return { text, isWhole: true };
}

function sourceOf(pieces: readonly Piece[]): string {
  return pieces
    .map((piece) => {
      if ('text' in piece) return piece.text.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
      if ('optional' in piece) return `(?:${sourceOf(piece.optional)})?`;
      return `(?<${piece.name}>.+?)`;
    })
    .join('');
}
