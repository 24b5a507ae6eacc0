/** Ends a connection to a broker in order, so that the broker does not tell its last will. */
import type { MqttClient } from 'mqtt';
import type { Timers } from '../domain/timers.ts';
import { TELEMETRY_LIMITS } from './telemetry-limits.ts';

/** Without a word where there is no connection, and where the broker does not answer in time. */
export function takeLeave(client: MqttClient, timers: Timers): Promise<void> {
  return new Promise((resolve) => {
    const cancel = timers.after(TELEMETRY_LIMITS.goodbyeMs, () => {
      client.stream.destroy();
      resolve();
    });
    client.end(!client.connected, () => {
      cancel();
      resolve();
    });
  });
}
