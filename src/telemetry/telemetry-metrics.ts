/** What telemetry counts, for Prometheus. */
import { Counter, Gauge, type Registry } from 'prom-client';
import type { CounterName } from './counters.ts';
import type { Telemetry } from './telemetry.ts';

export function addTelemetryMetrics(registry: Registry, telemetry: Telemetry): void {
  const total = new Counter({
    name: 'linchpin_telemetry_total',
    help: 'What became of messages and readings; docs/MQTT.md tells what each counts.',
    labelNames: ['what'],
    registers: [],
    collect() {
      this.reset();
      for (const what of Object.keys(telemetry.counters) as CounterName[]) this.inc({ what }, telemetry.counters[what]);
    },
  });
  const connected = new Gauge({
    name: 'linchpin_telemetry_connected',
    help: '1 while the broker can be reached.',
    registers: [],
    collect() {
      this.set(telemetry.isConnected ? 1 : 0);
    },
  });
  const standingBy = new Gauge({
    name: 'linchpin_telemetry_standing_by',
    help: '1 while another server takes telemetry in from the broker, and this one would if that one went.',
    registers: [],
    collect() {
      this.set(telemetry.isStandingBy ? 1 : 0);
    },
  });
  registry.registerMetric(standingBy);
  if (telemetry.kafkaLag !== null) {
    const lag = new Gauge({
      name: 'linchpin_kafka_lag',
      help: 'Records that wait in Kafka, of the partitions that this server reads.',
      registers: [],
      collect() {
        this.set(telemetry.kafkaLag ?? 0);
      },
    });
    registry.registerMetric(lag);
  }
  registry.registerMetric(total);
  registry.registerMetric(connected);
}
