/** A dialect as it can be chosen in the configuration: its name, what it reads by default, and its own options. */
import type * as z from 'zod';
import type { Dialect } from './dialect.ts';

export interface DialectKind<Options = never> {
  readonly name: string;
  /** Topic filters where the configuration gives none; empty: it has to give some. */
  readonly topics: readonly string[];
  /** Names that a source is told by, and the template of its twin where the configuration gives none. */
  readonly sourceNames: readonly string[];
  readonly twin: string;
  /** Names that a property is told by, and its template. */
  readonly propertyNames: readonly string[];
  readonly property: string;
  /** Of `options` in the configuration; must take `{}`. */
  readonly options: z.ZodType<Options>;
  /** Its messages tell all without a topic, so they are taken over HTTP too. */
  readonly needsNoTopic?: boolean;
  /** Whether a dialect of these options leaves a last will; absent: never. */
  hasWill?(options: Options): boolean;
  /** A new one, that remembers nothing yet. `filters` are those of the configuration. */
  create(options: Options, filters: readonly string[]): Dialect;
}
