/** The dialects that a configuration may name. Each is one row here, and one file beside this one. */
import type { DialectKind } from './dialect-kind.ts';
import { DITTO } from './ditto.ts';

/** Options are checked by the kind's own schema before they reach `create`. */
export const DIALECT_KINDS: readonly DialectKind[] = [DITTO] as readonly unknown[] as readonly DialectKind[];
