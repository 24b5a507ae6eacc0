/** A change record as the text that its node keeps. */
import type { ChangeRecord } from '../domain/change.ts';
import type { GraphRow } from './graph-port.ts';

export function toChangeBody({ origin, actor, twins, relationships, models }: ChangeRecord): string {
  return JSON.stringify({ origin, actor, twins, relationships, models });
}

/** A row of changes/read.cypher. */
export function toChangeRecord([sequence, at, body]: GraphRow): ChangeRecord {
  return {
    ...(JSON.parse(body as string) as Omit<ChangeRecord, 'sequence' | 'at'>),
    sequence: sequence as number,
    at: at as number,
  };
}
