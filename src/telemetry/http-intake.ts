/** Messages over HTTP, through the same pipeline as those of a broker: answered when they are stored, or cannot be now. */
import type { Receipt } from '../domain/telemetry.ts';
import type { Timers } from '../domain/timers.ts';
import type { IngestPipeline } from './ingest-pipeline.ts';
import { httpTopicOf } from './telemetry-config.ts';
import { TELEMETRY_LIMITS } from './telemetry-limits.ts';

export interface HttpIntakeOptions {
  readonly pipeline: IngestPipeline;
  readonly timers: Timers;
}

/**
 * @param dialect its name in the configuration
 * @param mayTell of which twins the sender may tell; absent: of all
 */
export function receiveOverHttp(
  { pipeline, timers }: HttpIntakeOptions,
  dialect: string,
  payload: Uint8Array,
  mayTell?: (twin: string) => boolean,
): Promise<Receipt> {
  const topic = httpTopicOf(dialect);
  if (!pipeline.accepts(topic)) return Promise.resolve({ outcome: 'UNKNOWN_DIALECT' });
  if (pipeline.isFull)
    return Promise.resolve({ outcome: 'UNAVAILABLE', reason: 'too many messages wait for the graph' });
  return new Promise((resolve) => {
    // It stays where it is, and is committed when it can be; to come again then changes nothing.
    const cancel = timers.after(TELEMETRY_LIMITS.httpWaitMs, () =>
      resolve({ outcome: 'UNAVAILABLE', reason: 'the graph cannot be reached now, or is slow' }),
    );
    let refusal: string | undefined;
    const delivery = { topic, payload, mayTell, isRedelivery: false, isReplay: false };
    pipeline.take({ ...delivery, onRefused: (reason) => (refusal = reason) }, (isStored) => {
      cancel();
      if (refusal !== undefined) resolve({ outcome: 'REFUSED', reason: refusal });
      else resolve(isStored ? { outcome: 'STORED' } : { outcome: 'UNAVAILABLE', reason: 'the server is stopping' });
    });
  });
}
