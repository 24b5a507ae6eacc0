import type { Application } from '../../application/application.ts';
import { badInput } from '../../domain/errors.ts';

/**
 * A type that nobody knows would select nothing, and look like an answer.
 * @throws LinchpinError BAD_INPUT
 */
export function checkTypes(application: Application, types: readonly string[] | null | undefined): void {
  if (!types) return;
  const known = application.relationshipTypes().map((type) => type.name);
  const at = types.findIndex((type) => !known.includes(type));
  if (at >= 0) throw badInput(`types[${at}]`, `one of ${known.toSorted().join(', ')}`, types[at]);
}
