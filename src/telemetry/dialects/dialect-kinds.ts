/** The dialects that a configuration may name. Each is one row here, and one file beside this one. */
import { AWS_SHADOW } from './aws-shadow.ts';
import { AZURE_DIGITAL_TWINS } from './azure-digital-twins.ts';
import { CLOUD_EVENTS } from './cloud-events.ts';
import type { DialectKind } from './dialect-kind.ts';
import { DITTO } from './ditto.ts';
import { HOMIE } from './homie.ts';
import { NGSI_LD } from './ngsi-ld.ts';
import { OPEN_SENSORS } from './open-sensors.ts';
import { SPARKPLUG } from './sparkplug.ts';
import { THINGS_STACK } from './things-stack.ts';
import { THINGSBOARD } from './thingsboard.ts';
import { WATSON_IOT } from './watson-iot.ts';

/** Options are checked by the kind's own schema before they reach `create`. */
export const DIALECT_KINDS: readonly DialectKind[] = [
  AWS_SHADOW,
  AZURE_DIGITAL_TWINS,
  CLOUD_EVENTS,
  DITTO,
  HOMIE,
  NGSI_LD,
  OPEN_SENSORS,
  SPARKPLUG,
  THINGS_STACK,
  THINGSBOARD,
  WATSON_IOT,
] as readonly unknown[] as readonly DialectKind[];
