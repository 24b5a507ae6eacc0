/** Careful reading of decoded JSON: a field that is not of the kind asked for is as good as absent. */

export type JsonObject = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function objectOf(value: unknown): JsonObject | undefined {
  return isObject(value) ? value : undefined;
}

/** An own field; `__proto__` and the like are fields like any other. */
export function fieldOf(object: JsonObject | undefined, name: string): unknown {
  return object !== undefined && Object.hasOwn(object, name) ? object[name] : undefined;
}

export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

export function wholeOf(value: unknown): number | undefined {
  return Number.isSafeInteger(value) ? (value as number) : undefined;
}

/** A time as text or number, to be judged later. */
export function timeOf(value: unknown): string | number | undefined {
  return typeof value === 'string' || typeof value === 'number' ? value : undefined;
}

/** A value inside JSON objects, with the keys that lead to it. */
export interface Leaf {
  readonly path: readonly string[];
  readonly value: unknown;
}

/**
 * The values of a JSON object, from nested ones too; a list is one value. So a part that is told alone has the same name
 * as in the whole, and a merge is no more than its values.
 */
export function leavesOf(value: unknown, path: readonly string[] = []): Leaf[] {
  if (!isObject(value)) return [{ path, value }];
  return Object.entries(value).flatMap(([key, inner]) => leavesOf(inner, [...path, key]));
}

/** The object that has these values at these places; the opposite of leavesOf. */
export function objectFromLeaves(leaves: readonly Leaf[]): JsonObject {
  const root: Record<string, unknown> = Object.create(null);
  for (const { path, value } of leaves) {
    let object = root;
    for (const key of path.slice(0, -1)) {
      const inner = object[key];
      if (isObject(inner)) object = inner;
      else object[key] = object = Object.create(null) as Record<string, unknown>;
    }
    const last = path.at(-1);
    if (last !== undefined) object[last] = value;
  }
  return root;
}
