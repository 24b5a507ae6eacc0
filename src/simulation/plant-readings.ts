/** What the instruments of the example plant read at a step of the simulation. Pure: seed and step in, values out. */
import { riverWorksAt } from './pump-story.ts';
import { seededNoise } from './seeded-noise.ts';

export interface PlantReading {
  readonly twin: string;
  readonly values: Readonly<Record<string, number>>;
}

/** Seconds between steps. */
export const STEP_SECONDS = 2;
/** What changes slowly is read at every so many steps; well within the models' staleAfter of two minutes. */
const SLOW_STEPS = 5;

/** Flows in L/s of an EPANET run of Net3: two river pumps make 820, the lake pump 208. */
const RIVER_PUMP_FLOW = 410;
const LAKE_PUMP_FLOW = 208;
/** Net3's demand pattern, by the hour; an hour of the plant passes in a minute. */
const DEMAND_PATTERN = [
  1.34, 1.94, 1.46, 1.44, 0.76, 0.92, 0.85, 1.07, 0.96, 1.1, 1.08, 1.19, 1.16, 1.08, 0.96, 0.83, 0.79, 0.74, 0.64, 0.64,
  0.85, 0.96, 1.24, 1.67,
];
const SECONDS_PER_HOUR = 60;

/** Mean heads in m over an EPANET day, at the junctions that have a logger. */
const PRESSURES = { 101: 38, 111: 44.9, 119: 48.4, 139: 39.1, 157: 44.4, 167: 48.1, 199: 45.2, 209: 44.3 };
/** Net3's starting levels and limits in m. */
const TANKS = {
  1: { level: 3.993, least: 0.03, most: 9.784 },
  2: { level: 7.163, least: 1.981, most: 12.283 },
  3: { level: 8.839, least: 1.219, most: 10.82 },
};
const OFFTAKES = {
  refinery: 284.6,
  'power-station': 108.4,
  norwood: 75.3,
  irrigation: 16.7,
  'hospital-1': 1.6,
  'hospital-2': 1.4,
};
const DISTRICTS = ['lakeside', 'highfield', 'riverside', 'eastfield', 'old-town', 'millbrook', 'harbour', 'southport'];

/** Values of one step; `read` adds the instrument's noise to a true value. */
export function plantReadings(seed: number, step: number): PlantReading[] {
  const seconds = step * STEP_SECONDS;
  const reading = (twin: string, truth: Readonly<Record<string, number>>): PlantReading => ({
    twin,
    values: Object.fromEntries(
      Object.entries(truth).map(([name, value]) => [name, measured(value, seededNoise(seed, `${twin} ${name}`, step))]),
    ),
  });
  const isSlowStep = step % SLOW_STEPS === 0;
  return [
    ...machines(seconds),
    ...network(seconds),
    ...(isSlowStep ? [...treatment(seconds), ...power(), ...control()] : []),
  ].map(([twin, truth]) => reading(twin, truth));
}

/** One per cent of noise, four significant digits: what an instrument shows. Zero stays zero. */
function measured(value: number, noise: number): number {
  return Number((value * (1 + 0.01 * noise)).toPrecision(4));
}

type Truth = readonly [twin: string, values: Readonly<Record<string, number>>];

function machines(seconds: number): Truth[] {
  const { isRunning, isStandbyRunning, bearingTemperature, strainedVibration } = riverWorksAt(seconds);
  const riverOutput = RIVER_PUMP_FLOW * (1 + Number(isRunning) + Number(isStandbyRunning));
  return [
    ['pump:335', pump(isRunning, RIVER_PUMP_FLOW, { bearingTemperature })],
    ['pump:335b', pump(true, RIVER_PUMP_FLOW, { vibration: strainedVibration })],
    ['pump:335c', pump(isStandbyRunning, RIVER_PUMP_FLOW)],
    ['pump:10', pump(true, LAKE_PUMP_FLOW)],
    ['pump:10b', pump(false, LAKE_PUMP_FLOW)],
    ['process:river-pumping', { output: riverOutput }],
    ['process:lake-pumping', { output: LAKE_PUMP_FLOW }],
    ['process:into-supply', { output: riverOutput + LAKE_PUMP_FLOW }],
    ['pipe:329', { flow: riverOutput }],
    ['pipe:101', { flow: LAKE_PUMP_FLOW }],
  ];
}

function pump(
  isRunning: boolean,
  flow: number,
  unusual: Readonly<Record<string, number>> = {},
): Record<string, number> {
  /** kW for each L/s against the stations' head of some 40 m, at 75 per cent efficiency. */
  const powerPerFlow = 0.55;
  const idle = { flow: 0, speed: 0, power: 0, bearingTemperature: 24, vibration: 0.1 };
  const running = { flow, speed: 985, power: flow * powerPerFlow, bearingTemperature: 61, vibration: 2.6 };
  return { ...(isRunning ? running : idle), ...unusual };
}

function network(seconds: number): Truth[] {
  const demand = demandFactorAt(seconds);
  return [
    ...Object.entries(PRESSURES).map(
      ([id, head]): Truth => [`junction:${id}`, { pressure: head * (1.05 - 0.05 * demand) }],
    ),
    ...Object.entries(TANKS).map(([id, tank]) => tankAt(id, tank, seconds)),
    ...Object.entries(OFFTAKES).map(([key, flow]): Truth => [`offtake:${key}`, { flow: flow * demand }]),
  ];
}

/** The demand pattern at this time, straight from one hour to the next. */
function demandFactorAt(seconds: number): number {
  const hours = seconds / SECONDS_PER_HOUR;
  const hour = Math.floor(hours);
  const at = (index: number): number => DEMAND_PATTERN[index % DEMAND_PATTERN.length] ?? 1;
  return at(hour) + (at(hour + 1) - at(hour)) * (hours - hour);
}

/** A tank swings by a tenth of its height about its starting level, once a day. */
function tankAt(id: string, tank: { level: number; least: number; most: number }, seconds: number): Truth {
  const angle = (2 * Math.PI * seconds) / (24 * SECONDS_PER_HOUR);
  const height = tank.most - tank.least;
  const level = tank.level + 0.1 * height * Math.sin(angle);
  return [`tank:${id}`, { level, filling: (100 * (level - tank.least)) / height, netInflow: 40 * Math.cos(angle) }];
}

function treatment(seconds: number): Truth[] {
  const { headLoss, isRunning, isStandbyRunning } = riverWorksAt(seconds);
  const filter = (id: string, loss: number): Truth => [`filter:${id}`, { headLoss: loss, turbidity: 0.12 }];
  return [
    filter('river-1', 0.9),
    filter('river-2', 1.3),
    filter('river-3', headLoss),
    filter('river-4', 1.1),
    filter('lake-1', 0.8),
    filter('lake-2', 1),
    ...['river-1', 'river-2', 'lake-1', 'lake-2'].map((id): Truth => [`dosing:${id}`, { flow: 5.5, power: 0.2 }]),
    ['analyser:river', { freeChlorine: 0.6 }],
    ['intake:river', { screenHeadLoss: 0.12 }],
    ['intake:lake', { screenHeadLoss: 0.08 }],
    ['process:river-treatment', { output: RIVER_PUMP_FLOW * (1 + Number(isRunning) + Number(isStandbyRunning)) }],
    ['process:lake-treatment', { output: LAKE_PUMP_FLOW }],
  ];
}

function power(): Truth[] {
  return [
    ...['north', 'south', 'town'].map((id): Truth => [`feeder:${id}`, { voltage: 11.1 }]),
    ...['river-1', 'river-2', 'lake'].map((id): Truth => [`transformer:${id}`, { oilTemperature: 58 }]),
    ...['switchboard:river', 'mcc:river-1', 'mcc:river-2', 'mcc:lake'].map((id): Truth => [id, { voltage: 401 }]),
    ['generator:river', { fuelLevel: 92 }],
    ...['river', 'lake', 'control'].map((id): Truth => [`ups:${id}`, { charge: 99, load: 35 }]),
  ];
}

function control(): Truth[] {
  return [
    ...['river', 'lake'].map((id): Truth => [`plc:${id}`, { cycleTime: 18 }]),
    ...['scada-a', 'scada-b'].map((id): Truth => [`server:${id}`, { cpuLoad: 22 }]),
    ...DISTRICTS.map((id): Truth => [`logger:${id}`, { battery: 84 }]),
  ];
}
