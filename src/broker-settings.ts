/** Settings of brokers that belong together: what one of them needs when another is given. */

/** How several servers share a broker's messages. */
export interface ShareSettings {
  /** Name of the session at the MQTT broker; null: made of the topic root. */
  readonly mqttClientId: string | null;
  /** Topic filters of this server's shard; null: everything. */
  readonly mqttFilters: readonly string[] | null;
  readonly mqttSharedGroup: string | null;
}

export interface KafkaSettings {
  readonly url: string;
  readonly topics: string;
  /** null: made of the topic root. */
  readonly group: string | null;
}

/**
 * Two servers with different filters, or of one shared group, would undo each other's session under one name; and the
 * embedded broker, which nobody else reads from, has no sessions.
 */
export function sharesOf(
  hasBroker: boolean,
  mqttClientId: string | null,
  mqttFilters: readonly string[] | null,
  mqttSharedGroup: string | null,
  faults: string[],
): ShareSettings {
  const given = mqttFilters === null ? 'MQTT_SHARED_GROUP' : 'MQTT_FILTERS';
  const isShared = (mqttFilters ?? mqttSharedGroup) !== null;
  if (isShared && !hasBroker) faults.push(`MQTT_URL: expected a broker, as ${given} is given, got nothing`);
  if (isShared && mqttClientId === null) {
    faults.push(`MQTT_CLIENT_ID: expected a name of this server's own session, as ${given} is given, got nothing`);
  }
  return { mqttClientId, mqttFilters, mqttSharedGroup };
}

export function kafkaOf(
  isUrlGiven: boolean,
  url: string | null,
  topics: string | null,
  group: string | null,
  faults: string[],
): KafkaSettings | null {
  if (url !== null && topics === null) faults.push('KAFKA_TOPICS: expected patterns such as plant.*, got nothing');
  if (!isUrlGiven && (topics ?? group) !== null) {
    faults.push('KAFKA_URL: expected one, as other settings of Kafka are given, got nothing');
  }
  return url === null || topics === null ? null : { url, topics, group };
}
