/** Telemetry of one twin by hand, under the same rules as over MQTT; faults are thrown instead of dead-lettered. */
import { parseInstant } from '../domain/instant.ts';
import { badInput, LinchpinError, notFound } from '../domain/errors.ts';
import { Faults } from '../domain/faults.ts';
import type { PropertyValue } from '../domain/property.ts';
import { QUALITIES, type Quality } from '../domain/state.ts';
import type { Reading } from '../domain/telemetry.ts';
import type { Twin } from '../domain/twin.ts';
import type { Caller } from './application.ts';
import type { CommitContext } from './commit.ts';
import { ingestTelemetry } from './ingest-telemetry.ts';
import type { ReportInput } from './inputs.ts';
import { isFields } from './parse-fields.ts';
import { parseProperties } from './parse-twin.ts';

/** A source's clock may go ahead of ours by this much. */
const MOST_AHEAD_MS = 60_000;

/** @throws LinchpinError NOT_FOUND, BAD_INPUT. A value older than what stands there changes nothing, as over MQTT. */
export async function report(context: CommitContext, input: ReportInput, { actor }: Caller): Promise<Twin> {
  if (!context.memory.topology.twin(input.id)) throw notFound('twin', input.id);
  const faults = new Faults();
  const values = parseProperties({ properties: input.properties }, 'properties', '', faults);
  if (!values && faults.list.length === 0) faults.add('properties', 'an object of property values', input.properties);
  faults.throwIfAny();
  const readings = [...(values ?? [])].map(([property, value]) => toReading(input, property, value, context.clock()));
  const outcomes = await ingestTelemetry(context, readings, actor);
  const rejected = outcomes.find((each) => each.outcome === 'rejected');
  if (rejected)
    throw new LinchpinError('BAD_INPUT', `properties.${rejected.reason}; what was right is stored`, {
      at: 'properties',
    });
  const twin = context.memory.topology.twin(input.id);
  if (!twin) throw notFound('twin', input.id);
  return twin;
}

/** A plain value, or `{value, observedAt, quality, unit}`. */
function toReading(input: ReportInput, property: string, given: PropertyValue, now: number): Reading {
  const envelope = isFields(given) && Object.hasOwn(given, 'value') ? given : { value: given };
  const at = `properties.${property}`;
  const observedAt =
    envelope['observedAt'] === undefined || envelope['observedAt'] === null
      ? (input.observedAt ?? now)
      : parseInstant(envelope['observedAt'], `${at}.observedAt`);
  const quality = (envelope['quality'] ?? input.quality ?? 'GOOD') as Quality;
  if (!QUALITIES.includes(quality)) throw badInput(`${at}.quality`, QUALITIES.join(', '), quality);
  const isAhead = observedAt > now + MOST_AHEAD_MS;
  const unit = envelope['unit'];
  if (unit !== undefined && unit !== null && typeof unit !== 'string') throw badInput(`${at}.unit`, 'a text', unit);
  return {
    twin: input.id,
    property,
    value: (envelope['value'] ?? null) as PropertyValue,
    ...(typeof unit === 'string' && { unit }),
    observedAt: isAhead ? now : observedAt,
    receivedAt: now,
    quality: isAhead && quality === 'GOOD' ? 'UNCERTAIN' : quality,
  };
}
