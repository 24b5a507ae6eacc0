/** Telemetry of one twin by hand, under the same rules as over MQTT; faults are thrown instead of dead-lettered. */
import { notFound } from '../domain/errors.ts';
import { Faults } from '../domain/faults.ts';
import { parseReading } from '../domain/parse-reading.ts';
import type { Twin } from '../domain/twin.ts';
import type { Caller } from './application.ts';
import type { CommitContext } from './commit.ts';
import { ingestTelemetry } from './ingest-telemetry.ts';
import type { ReportInput } from './inputs.ts';
import { parseProperties } from './parse-twin.ts';

/** @throws LinchpinError NOT_FOUND, BAD_INPUT. A value older than what stands there changes nothing, as over MQTT. */
export async function report(context: CommitContext, input: ReportInput, { actor, scope }: Caller): Promise<Twin> {
  const { topology, sights } = context.memory;
  if (!topology.twin(input.id) || (scope && !sights.of(scope).sees(input.id))) throw notFound('twin', input.id);
  const faults = new Faults();
  const values = parseProperties({ properties: input.properties }, 'properties', '', faults);
  if (!values && faults.list.length === 0) faults.add('properties', 'an object of property values', input.properties);
  faults.throwIfAny();
  const defaults = {
    twin: input.id,
    receivedAt: context.clock(),
    quality: input.quality ?? 'GOOD',
    arrival: 0,
    ...(typeof input.observedAt === 'number' && { observedAt: input.observedAt }),
  };
  const readings = [...(values ?? [])].map(([property, value]) => parseReading(property, value, defaults));
  const outcomes = await ingestTelemetry(context, readings, actor);
  await context.history?.kept();
  for (const [i, { outcome, reason }] of outcomes.entries())
    if (outcome === 'rejected')
      faults.list.push({
        at: `properties.${readings[i]?.property}`,
        message: `properties.${reason}; what was right is stored`,
      });
  faults.throwIfAny();
  const twin = context.memory.topology.twin(input.id);
  if (!twin) throw notFound('twin', input.id);
  return twin;
}
