/** What was read from files, each item with the file and line that it came from, so that faults found later can say so. */
import type { ImportInput, RelationshipInput, TwinInput } from '../application/inputs.ts';
import type { Fault } from '../domain/errors.ts';
import { Faults } from '../domain/faults.ts';

export type ItemKind = 'models' | 'twins' | 'relationships';

/** Lines are counted in the lower digits of a position, files in the upper ones: one number an item. */
const LINES_PER_FILE = 2 ** 32;

export class GraphReading {
  readonly faults = new Faults();
  /** What a fault of its own row or line kept out. */
  readonly unread = { models: 0, twins: 0, relationships: 0 };
  /** Rows that fitted no rule of a mapping. */
  unmatchedRows = 0;
  readonly #files: string[] = [];
  #items: Record<ItemKind, unknown[]> = { models: [], twins: [], relationships: [] };
  #positions: Record<ItemKind, number[]> = { models: [], twins: [], relationships: [] };
  readonly #unreadTwins = new Set<string>();

  beginFile(file: string): void {
    this.#files.push(file);
  }

  /** An item of the file that was begun last. */
  add(kind: ItemKind, item: unknown, line: number): void {
    this.#items[kind].push(item);
    this.#positions[kind].push((this.#files.length - 1) * LINES_PER_FILE + line);
  }

  fault(line: number, message: string): void {
    this.faults.say(`${this.#files.at(-1)}:${line}`, message);
  }

  /** A twin that a fault keeps out: what joins it is not at fault. */
  noteUnread(twin: string | undefined): void {
    this.unread.twins += 1;
    if (twin !== undefined) this.#unreadTwins.add(twin);
  }

  /** As somebody goes through the files. What is about no line comes last. */
  inLineOrder(faults: readonly Fault[]): Fault[] {
    const placeOf = ({ at }: Fault): number => {
      const colon = at.lastIndexOf(':');
      const file = this.#files.indexOf(at.slice(0, colon));
      return colon < 0 || file < 0 ? Number.POSITIVE_INFINITY : file * LINES_PER_FILE + Number(at.slice(colon + 1));
    };
    const placed = faults.map((fault) => ({ fault, place: placeOf(fault) }));
    return placed.toSorted((a, b) => (a.place === b.place ? 0 : a.place - b.place)).map(({ fault }) => fault);
  }

  /** Whether a fault is that an end is not there, of which it is known why. */
  isAboutUnread({ at }: Fault): boolean {
    const end = /^relationships\[(\d+)\]\.(source|target)$/.exec(at);
    const item = end && (this.#items.relationships[Number(end[1])] as Record<string, unknown> | undefined);
    return item != null && this.#unreadTwins.has(String(item[end?.[2] ?? '']));
  }

  get input(): ImportInput {
    const { models, twins, relationships } = this.#items;
    return { models, twins: twins as TwinInput[], relationships: relationships as RelationshipInput[] };
  }

  get counts(): Record<ItemKind, number> {
    const { models, twins, relationships } = this.#items;
    return { models: models.length, twins: twins.length, relationships: relationships.length };
  }

  /** A fault at `twins[3].kind` as one at `plant.jsonl:17`. One that is about no item stays as it is. */
  locate(fault: Fault): Fault {
    const item = itemAt(fault.at);
    const position = item && this.#positions[item.kind][item.index];
    if (!item || position === undefined) return fault;
    const at = `${this.#files[Math.floor(position / LINES_PER_FILE)]}:${position % LINES_PER_FILE}`;
    const reason = fault.message.startsWith(fault.at) ? fault.message.slice(fault.at.length + 2) : fault.message;
    return { at, message: `${at}: ${item.path === '' ? '' : `${item.path}: `}${reason}` };
  }

  /** Takes out the items that the faults are about; answers how many there were. */
  drop(faults: readonly Fault[]): Record<ItemKind, number> {
    const dropped: Record<ItemKind, Set<number>> = { models: new Set(), twins: new Set(), relationships: new Set() };
    for (const fault of faults) {
      const item = itemAt(fault.at);
      if (item) dropped[item.kind].add(item.index);
    }
    for (const kind of ['models', 'twins', 'relationships'] as const) {
      const stays = (_: unknown, index: number): boolean => !dropped[kind].has(index);
      this.#items[kind] = this.#items[kind].filter(stays);
      this.#positions[kind] = this.#positions[kind].filter(stays);
    }
    const { models, twins, relationships } = dropped;
    return { models: models.size, twins: twins.size, relationships: relationships.size };
  }
}

/** The item that a path such as `twins[3].requirements[0].min` begins with. */
function itemAt(path: string): { kind: ItemKind; index: number; path: string } | undefined {
  const match = /^(models|twins|relationships)\[(\d+)\]\.?(.*)$/s.exec(path);
  if (!match) return undefined;
  return { kind: match[1] as ItemKind, index: Number(match[2]), path: match[3] ?? '' };
}
