/**
 * What happens at the river works, over and over: pump 335 runs hot and trips, the standby takes over, pump 335 B
 * carries more than it likes for a while, pump 335 comes back, and then a filter clogs and is washed.
 */

/** Seconds until the story begins again. */
export const STORY_SECONDS = 240;

/** Seconds into the story; the temperatures pass the limits of the example's model `Pump` on the way. */
const HEATING_FROM = 14;
const TRIP_AT = 34;
const STANDBY_FROM = 38;
const STRAIN_FROM = 60;
const STRAIN_UNTIL = 100;
const RESTART_AT = 130;
const CLOGGING_FROM = 150;
const WASH_AT = 225;

const NORMAL_BEARING = 62;
const TRIP_BEARING = 98;
const AMBIENT_BEARING = 40;
/** A bearing of this size loses about two thirds of its heat in that time. */
const COOLING_SECONDS = 120;
const NORMAL_VIBRATION = 2.8;
const STRAINED_VIBRATION = 7.6;

export interface RiverWorks {
  /** Pump 335 runs. */
  readonly isRunning: boolean;
  /** The standby, pump 335 C, runs. */
  readonly isStandbyRunning: boolean;
  /** degC, of pump 335. */
  readonly bearingTemperature: number;
  /** mm/s, of pump 335 B. */
  readonly strainedVibration: number;
  /** m, of filter 3. */
  readonly headLoss: number;
}

/** The river works so many seconds after the start of the simulation. */
export function riverWorksAt(seconds: number): RiverWorks {
  const at = seconds % STORY_SECONDS;
  const isRunning = at < TRIP_AT || at >= RESTART_AT;
  return {
    isRunning,
    isStandbyRunning: at >= STANDBY_FROM && at < RESTART_AT,
    bearingTemperature: bearingTemperatureAt(at),
    strainedVibration: at >= STRAIN_FROM && at < STRAIN_UNTIL ? STRAINED_VIBRATION : NORMAL_VIBRATION,
    headLoss: headLossAt(at),
  };
}

function bearingTemperatureAt(at: number): number {
  if (at < HEATING_FROM) return NORMAL_BEARING;
  if (at < TRIP_AT) return between(NORMAL_BEARING, TRIP_BEARING, (at - HEATING_FROM) / (TRIP_AT - HEATING_FROM));
  const cooled = AMBIENT_BEARING + (TRIP_BEARING - AMBIENT_BEARING) * Math.exp(-(at - TRIP_AT) / COOLING_SECONDS);
  return at < RESTART_AT ? cooled : NORMAL_BEARING;
}

function headLossAt(at: number): number {
  const clean = 0.6;
  const clogged = 3.2;
  if (at < CLOGGING_FROM || at >= WASH_AT) return clean;
  return between(clean, clogged, (at - CLOGGING_FROM) / (WASH_AT - CLOGGING_FROM));
}

function between(from: number, to: number, part: number): number {
  return from + (to - from) * part;
}
