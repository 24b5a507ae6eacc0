/**
 * Finding twins by text: in id, name, tags and description, without regard to case and accents.
 * Several words must all be there, each somewhere. What is found comes best first: the id itself, the name itself,
 * the beginning of either, the beginnings of words, then anything else; what is only in the description comes last.
 */
import type { TwinKind } from '../domain/state.ts';
import type { Twin } from '../domain/twin.ts';
import { compareNodes } from './order.ts';
import type { TopologyView, TwinNode } from './topology.ts';

/** Ranks, best to worst. */
const EXACT_ID = 0;
const EXACT_NAME = 1;
const BEGINNING = 2;
const WORD_BEGINNING = 3;
const INSIDE = 4;
const DESCRIPTION = 5;
const NOT_FOUND = 6;

/** At most `first` twins, best first, then by id. No words, no twins. */
export function searchTwins(
  topology: TopologyView,
  text: string,
  options: { kinds?: readonly TwinKind[] | null; first: number },
): TwinNode[] {
  const words = searchWords(text);
  if (words.length === 0) return [];
  const kinds = options.kinds ? new Set(options.kinds) : null;
  const foundByRank: TwinNode[][] = [];
  for (const node of topology.nodes()) {
    if (kinds && !kinds.has(node.twin.kind)) continue;
    const rank = rankOf(node.twin, words);
    if (rank < NOT_FOUND) (foundByRank[rank] ??= []).push(node);
  }
  const best: TwinNode[] = [];
  for (const found of foundByRank) {
    if (best.length >= options.first) break;
    if (found) for (const node of found.toSorted(compareNodes)) best.push(node);
  }
  return best.slice(0, options.first);
}

/** Whether all words of the text are in the twin; a text without words is in every twin. */
export function matchesText(twin: Twin, text: string): boolean {
  const words = searchWords(text);
  return words.length === 0 || rankOf(twin, words) < NOT_FOUND;
}

/** The words of a text, in the form in which they are compared. */
function searchWords(text: string): string[] {
  return fold(text)
    .split(/\s+/)
    .filter((word) => word !== '');
}

// Most ids and names are ASCII: they need no decomposition, and every search folds all of them.
// oxlint-disable-next-line no-control-regex
const ASCII = /^[\x00-\x7f]*$/;
const MARKS = /\p{M}/gu;

function fold(text: string): string {
  return ASCII.test(text) ? text.toLowerCase() : text.normalize('NFKD').replace(MARKS, '').toLowerCase();
}

function rankOf(twin: Twin, words: readonly string[]): number {
  const id = fold(twin.id);
  const name = fold(twin.name);
  const whole = words.join(' ');
  if (id === whole) return EXACT_ID;
  if (name === whole) return EXACT_NAME;
  if (id.startsWith(whole) || name.startsWith(whole)) return BEGINNING;
  let worst = BEGINNING;
  for (const word of words) {
    worst = Math.max(worst, rankOfWord(twin, id, name, word));
    if (worst === NOT_FOUND) break;
  }
  return worst;
}

function rankOfWord(twin: Twin, id: string, name: string, word: string): number {
  let best = Math.min(rankInField(id, word), rankInField(name, word));
  for (const tag of twin.tags) best = Math.min(best, rankInField(fold(tag), word));
  if (best === NOT_FOUND && twin.description !== null && fold(twin.description).includes(word)) best = DESCRIPTION;
  return best;
}

function rankInField(field: string, word: string): number {
  let at = field.indexOf(word);
  if (at < 0) return NOT_FOUND;
  for (; at >= 0; at = field.indexOf(word, at + 1)) if (isWordStart(field, at)) return WORD_BEGINNING;
  return INSIDE;
}

const WORD_CHARACTER = /[\p{L}\p{N}]/u;

function isWordStart(field: string, at: number): boolean {
  return at === 0 || !WORD_CHARACTER.test(field[at - 1] ?? '');
}
