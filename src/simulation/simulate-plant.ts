/** Publishes the telemetry of the example plant, as its devices would, until it is stopped. */
import { formatInstant } from '../domain/instant.ts';
import type { Log } from '../domain/log.ts';
import type { Clock, Timers } from '../domain/timers.ts';
import { plantReadings, STEP_SECONDS } from './plant-readings.ts';

export interface SimulationOptions {
  /** Sends a message to the broker; answers when the broker has it. */
  readonly publish: (topic: string, payload: string) => Promise<void>;
  /** Says when a value was observed; what is observed depends on the seed and the step alone. */
  readonly clock: Clock;
  readonly timers: Timers;
  readonly log: Log;
  readonly topicRoot: string;
  readonly seed: number;
}

/** Starts at once; the answer stops it. A step that the broker does not take in time is told once, and left out. */
export function simulatePlant(options: SimulationOptions): () => void {
  const { timers, log } = options;
  let isStopped = false;
  let isBusy = false;
  let isFailing = false;
  let cancel: () => void = () => {};

  const publishStep = async (step: number): Promise<void> => {
    isBusy = true;
    try {
      await Promise.all(messagesOf(options, step).map(({ topic, payload }) => options.publish(topic, payload)));
      isFailing = false;
    } catch (error) {
      if (!isFailing)
        log.warn({ error }, 'the simulated telemetry cannot be published; it goes on when the broker is back');
      isFailing = true;
    } finally {
      isBusy = false;
    }
  };
  const run = (step: number): void => {
    if (isStopped) return;
    if (!isBusy) void publishStep(step);
    cancel = timers.after(STEP_SECONDS * 1000, () => run(step + 1));
  };
  run(0);
  return () => {
    isStopped = true;
    cancel();
  };
}

function messagesOf({ clock, topicRoot, seed }: SimulationOptions, step: number): { topic: string; payload: string }[] {
  const observedAt = formatInstant(clock());
  return plantReadings(seed, step).map(({ twin, values }) => ({
    topic: `${topicRoot}/${twin}/telemetry`,
    payload: JSON.stringify(
      Object.fromEntries(Object.entries(values).map(([name, value]) => [name, { value, observedAt }])),
    ),
  }));
}
