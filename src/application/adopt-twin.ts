/** Makes a twin of what waits in quarantine, and takes what it has reported there. */
import { badInput, LinchpinError, notFound } from '../domain/errors.ts';
import type { Twin } from '../domain/twin.ts';
import type { Caller } from './application.ts';
import type { CommitContext } from './commit.ts';
import { ingestTelemetry } from './ingest-telemetry.ts';
import type { TwinInput } from './inputs.ts';
import type { Quarantine } from './quarantine.ts';
import { upsertTwins } from './upsert.ts';

/**
 * Readings that the model refuses are left out, as they would be over MQTT.
 * @throws LinchpinError NOT_FOUND when it is not in quarantine, CONFLICT when somebody made it meanwhile, BAD_INPUT
 */
export async function adoptTwin(
  context: CommitContext,
  quarantine: Quarantine,
  input: TwinInput,
  caller: Caller,
): Promise<Twin> {
  const { id } = input;
  if (typeof id !== 'string') throw badInput('twin.id', 'the id of a twin in quarantine', id);
  const readings = quarantine.readingsOf(id);
  if (readings === undefined) throw notFound('twin in quarantine', id);
  if (context.memory.topology.twin(id)) {
    quarantine.delete(id);
    throw new LinchpinError('CONFLICT', `twin ${JSON.stringify(id)} exists already: its next messages are taken`, {
      at: 'twin.id',
    });
  }
  await upsertTwins(context, [input], caller);
  if (readings.length > 0) await ingestTelemetry(context, readings, caller.actor);
  await context.history?.kept();
  quarantine.delete(id);
  const twin = context.memory.topology.twin(id);
  if (!twin) throw notFound('twin', id);
  return twin;
}
