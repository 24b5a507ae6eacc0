/** Commands to nodes and devices: desired values, and the request for births. Pure. */
import type { DesiredValue, Outgoing, Refusal } from './dialect.ts';
import { encodeSparkplug, type RawMetric } from './sparkplug-message.ts';
import { type MetricTable, REBIRTH } from './sparkplug-metrics.ts';
import { writeValue } from './sparkplug-value.ts';

export interface CommandPlace {
  readonly group: string;
  readonly node: string;
  readonly device?: string | undefined;
}

const BOOLEAN = 11;

/** The metric has no alias (operational-behavior-data-commands-rebirth-name-aliases): a node is asked of whom nothing is known. */
export function rebirthCommand(place: CommandPlace, now: number): Outgoing {
  return command(place, now, [{ name: REBIRTH, datatype: BOOLEAN, booleanValue: true, timestamp: now }]);
}

/** One command with all values that the metrics' datatypes hold; null: nothing to tell. */
export function desiredCommand(
  place: CommandPlace,
  metrics: MetricTable,
  values: readonly DesiredValue[],
  now: number,
): { readonly outgoing: Outgoing | null; readonly refusals: readonly Refusal[] } {
  const refusals: Refusal[] = [];
  const written: RawMetric[] = [];
  for (const { property, value } of values) {
    // A device knows no command for a wish that is taken back.
    if (value === null) continue;
    const name = property['metric'] ?? '';
    const definition = metrics.named(name);
    if (definition === undefined) {
      refusals.push({ property: name, reason: 'a desired value cannot be told: no birth has defined this metric' });
      continue;
    }
    const fields = writeValue(definition.datatype, value);
    if ('reason' in fields) {
      refusals.push({ property: name, reason: `a desired value cannot be told: ${fields.reason}` });
      continue;
    }
    // By the alias alone where there is one (payloads-alias-data-cmd-requirement).
    const by = definition.alias === undefined ? { name } : { alias: definition.alias };
    written.push({ ...by, datatype: definition.datatype, timestamp: now, ...fields });
  }
  return { outgoing: written.length === 0 ? null : command(place, now, written), refusals };
}

function command({ group, node, device }: CommandPlace, now: number, metrics: readonly RawMetric[]): Outgoing {
  const topic = device === undefined ? `spBv1.0/${group}/NCMD/${node}` : `spBv1.0/${group}/DCMD/${node}/${device}`;
  return { topic, payload: encodeSparkplug(now, metrics), qos: 0, retain: false };
}
