/**
 * What Net3 does not tell and a supplier has: treatment, power, control, rooms, and the levels of the organisation.
 * All of it is made up, with Net3's flows in mind; two pumps of Net3 get companions, as their stations would have.
 */

const twin = (id, kind, name, model, rest = {}) => ({ twin: { id, kind, name, model, ...rest } });
const asset = (id, name, model, rest) => twin(id, 'ASSET', name, model, rest);
const system = (id, name, model, rest) => twin(id, 'SYSTEM', name, model, rest);
const process = (id, name, model, rest) => twin(id, 'PROCESS', name, model, rest);
const joined = (type, source, target, rest = {}) => ({ relationship: { type, source, target, ...rest } });

const partOf = (whole, ...parts) => parts.map((part) => joined('PART_OF', part, whole));
const locatedIn = (room, ...contents) => contents.map((content) => joined('LOCATED_IN', content, room));
const feeds = (source, ...targets) =>
  targets.map((target) => joined('FEEDS', source, target, { medium: 'electricity' }));
const controls = (source, ...targets) => targets.map((target) => joined('CONTROLS', source, target));
const dependsOn = (source, ...targets) => targets.map((target) => joined('DEPENDS_ON', source, target));
const dependsOnGroup = (source, group, targets) =>
  targets.map((target) => joined('DEPENDS_ON', source, target, { group }));

const EITHER_INCOMER = { group: 'incomers', mode: 'SUPPLY', medium: 'electricity', any: true };
const BATTERY_OF_30_MINUTES = { group: 'mains', mode: 'SUPPLY', medium: 'electricity', holdUp: 'PT30M' };
const incomer = (source, target, rest) =>
  joined('FEEDS', source, target, { medium: 'electricity', group: 'incomers', ...rest });
const mains = (source, target) => joined('FEEDS', source, target, { medium: 'electricity', group: 'mains' });

/** Water that is treated and in the works' clear water well, and how long the well lasts without treatment. */
const CLEAR_WATER = { group: 'treated water', mode: 'SUPPLY', medium: 'treated water' };
export const clearWaterWell = (holdUp) => ({ ...CLEAR_WATER, holdUp });
const treatedWater = (treatment, reservoir) =>
  joined('FEEDS', treatment, reservoir, { medium: 'treated water', group: 'treated water' });

/** A pump between two junctions of the network: it conducts from suction to discharge only. */
export const pump = (id, name, suction, discharge) => [
  asset(id, name, 'Pump'),
  joined('CONNECTED_TO', suction, id, { medium: 'water', oneWay: true }),
  joined('CONNECTED_TO', id, discharge, { medium: 'water', oneWay: true }),
];

const organisation = [
  system('enterprise:lindmere', 'Lindmere Water', 'Enterprise'),
  system('site:river-works', 'River works', 'Site'),
  system('site:lake-works', 'Lake works', 'Site'),
  system('site:network', 'Distribution network', 'Site'),
  system('site:control-centre', 'Control centre', 'Site'),
  ...partOf('enterprise:lindmere', 'site:river-works', 'site:lake-works', 'site:network', 'site:control-centre'),
];

const powerUtility = [
  system('system:power-utility', 'Power utility (not ours)', 'Enterprise'),
  ...partOf('system:power-utility', 'feeder:north', 'feeder:south', 'feeder:town'),
];

const riverWorks = [
  system('area:river-treatment', 'River works: treatment', 'Area'),
  system('area:river-pumping', 'River works: high-lift pumping', 'Area'),
  system('area:river-power', 'River works: power and control', 'Area'),
  ...partOf('site:river-works', 'area:river-treatment', 'area:river-pumping', 'area:river-power'),
  asset('room:river-pump-hall', 'River pump hall', 'Room'),
  asset('room:river-switch-room', 'River switch room', 'Room'),
  asset('room:river-generator-house', 'River generator house', 'Room'),
  ...partOf('site:river-works', 'room:river-pump-hall', 'room:river-switch-room', 'room:river-generator-house'),

  // power: two transformers that look redundant and hang on one feeder; a generator for the essential half
  asset('feeder:north', 'Utility feeder North, 11 kV', 'Feeder', { tags: ['utility'] }),
  asset('transformer:river-1', 'River transformer 1', 'Transformer', { properties: { ratedPower: 2000 } }),
  asset('transformer:river-2', 'River transformer 2', 'Transformer', { properties: { ratedPower: 2000 } }),
  asset('switchboard:river', 'River main switchboard', 'Switchboard', { requirements: [EITHER_INCOMER] }),
  asset('generator:river', 'River standby generator', 'Generator', { properties: { ratedPower: 1500 } }),
  asset('mcc:river-1', 'River motor control centre 1', 'MotorControlCentre'),
  asset('mcc:river-2', 'River motor control centre 2 (essential)', 'MotorControlCentre', {
    requirements: [EITHER_INCOMER],
  }),
  asset('ups:river', 'River UPS', 'UninterruptiblePowerSupply', { requirements: [BATTERY_OF_30_MINUTES] }),
  asset('plc:river', 'River controller', 'Controller'),
  ...partOf('area:river-power', 'transformer:river-1', 'transformer:river-2', 'switchboard:river', 'generator:river'),
  ...partOf('area:river-power', 'mcc:river-1', 'mcc:river-2', 'ups:river', 'plc:river'),
  ...locatedIn('room:river-switch-room', 'switchboard:river', 'mcc:river-1', 'mcc:river-2', 'ups:river', 'plc:river'),
  ...locatedIn('room:river-generator-house', 'generator:river'),
  ...feeds('feeder:north', 'transformer:river-1', 'transformer:river-2'),
  incomer('transformer:river-1', 'switchboard:river'),
  incomer('transformer:river-2', 'switchboard:river'),
  ...feeds('switchboard:river', 'mcc:river-1'),
  incomer('switchboard:river', 'mcc:river-2'),
  incomer('generator:river', 'mcc:river-2', { standbyDelay: 'PT2M' }),
  mains('mcc:river-2', 'ups:river'),
  ...feeds('ups:river', 'plc:river'),

  // treatment
  asset('intake:river', 'River intake', 'Intake'),
  ...[1, 2, 3, 4].map((n) => asset(`filter:river-${n}`, `River filter ${n}`, 'Filter')),
  ...[1, 2].map((n) => asset(`dosing:river-${n}`, `River chlorine dosing pump ${n}`, 'DosingPump')),
  asset('analyser:river', 'River chlorine analyser', 'WaterAnalyser'),
  process('process:river-treatment', 'Treatment of river water', 'Treatment', {
    criticality: 2,
    requirements: [
      { group: 'filters', mode: 'SUSTAIN', min: 2, full: 3 },
      { group: 'dosing', mode: 'SUSTAIN', any: true },
      { group: 'monitoring', mode: 'SUSTAIN', soft: true },
    ],
  }),
  ...partOf(
    'area:river-treatment',
    'intake:river',
    'filter:river-1',
    'filter:river-2',
    'filter:river-3',
    'filter:river-4',
  ),
  ...partOf('area:river-treatment', 'dosing:river-1', 'dosing:river-2', 'analyser:river', 'process:river-treatment'),
  ...feeds('mcc:river-2', 'filter:river-1', 'filter:river-2', 'filter:river-3', 'filter:river-4'),
  ...feeds('mcc:river-2', 'dosing:river-1', 'dosing:river-2', 'analyser:river'),
  ...dependsOn('process:river-treatment', 'intake:river', 'plc:river'),
  ...dependsOnGroup('process:river-treatment', 'filters', [
    'filter:river-1',
    'filter:river-2',
    'filter:river-3',
    'filter:river-4',
  ]),
  ...dependsOnGroup('process:river-treatment', 'dosing', ['dosing:river-1', 'dosing:river-2']),
  ...dependsOnGroup('process:river-treatment', 'monitoring', ['analyser:river']),
  treatedWater('process:river-treatment', 'reservoir:River'),
  ...partOf('area:river-treatment', 'reservoir:River'),

  // high-lift pumping: Net3's pump 335 and two companions
  ...pump('pump:335', 'High-lift pump 335', 'junction:60', 'junction:61'),
  ...pump('pump:335b', 'High-lift pump 335 B', 'junction:60', 'junction:61'),
  ...pump('pump:335c', 'High-lift pump 335 C (standby)', 'junction:60', 'junction:61'),
  process('process:river-pumping', 'High-lift pumping, river', 'Pumping', {
    criticality: 2,
    requirements: [{ group: 'pumps', mode: 'SUSTAIN', min: 1, full: 2 }],
  }),
  ...partOf('area:river-pumping', 'pump:335', 'pump:335b', 'pump:335c', 'process:river-pumping'),
  ...locatedIn('room:river-pump-hall', 'pump:335', 'pump:335b', 'pump:335c'),
  ...feeds('mcc:river-1', 'pump:335', 'pump:335b'),
  ...feeds('mcc:river-2', 'pump:335c'),
  ...controls('plc:river', 'pump:335', 'pump:335b', 'pump:335c'),
  ...dependsOnGroup('process:river-pumping', 'pumps', ['pump:335', 'pump:335b', 'pump:335c']),
  ...dependsOn('process:river-pumping', 'pipe:329'),
];

const lakeWorks = [
  system('area:lake-treatment', 'Lake works: treatment', 'Area'),
  system('area:lake-pumping', 'Lake works: pumping', 'Area'),
  system('area:lake-power', 'Lake works: power and control', 'Area'),
  ...partOf('site:lake-works', 'area:lake-treatment', 'area:lake-pumping', 'area:lake-power'),
  asset('room:lake-pump-house', 'Lake pump house', 'Room'),
  ...partOf('site:lake-works', 'room:lake-pump-house'),

  // power: one of everything, and no generator
  asset('feeder:south', 'Utility feeder South, 11 kV', 'Feeder', { tags: ['utility'] }),
  asset('transformer:lake', 'Lake transformer', 'Transformer', { properties: { ratedPower: 630 } }),
  asset('mcc:lake', 'Lake motor control centre', 'MotorControlCentre'),
  asset('ups:lake', 'Lake UPS', 'UninterruptiblePowerSupply', { requirements: [BATTERY_OF_30_MINUTES] }),
  asset('plc:lake', 'Lake controller', 'Controller'),
  ...partOf('area:lake-power', 'transformer:lake', 'mcc:lake', 'ups:lake', 'plc:lake'),
  ...locatedIn('room:lake-pump-house', 'mcc:lake', 'ups:lake', 'plc:lake', 'pump:10', 'pump:10b'),
  ...feeds('feeder:south', 'transformer:lake'),
  ...feeds('transformer:lake', 'mcc:lake'),
  mains('mcc:lake', 'ups:lake'),
  ...feeds('ups:lake', 'plc:lake'),

  asset('intake:lake', 'Lake intake', 'Intake'),
  ...[1, 2].map((n) => asset(`filter:lake-${n}`, `Lake filter ${n}`, 'Filter')),
  ...[1, 2].map((n) => asset(`dosing:lake-${n}`, `Lake chlorine dosing pump ${n}`, 'DosingPump')),
  process('process:lake-treatment', 'Treatment of lake water', 'Treatment', {
    criticality: 1,
    requirements: [
      { group: 'filters', mode: 'SUSTAIN', min: 1, full: 2 },
      { group: 'dosing', mode: 'SUSTAIN', any: true },
    ],
  }),
  ...partOf('area:lake-treatment', 'intake:lake', 'filter:lake-1', 'filter:lake-2', 'dosing:lake-1', 'dosing:lake-2'),
  ...partOf('area:lake-treatment', 'process:lake-treatment', 'reservoir:Lake'),
  ...feeds('mcc:lake', 'filter:lake-1', 'filter:lake-2', 'dosing:lake-1', 'dosing:lake-2'),
  ...dependsOn('process:lake-treatment', 'intake:lake', 'plc:lake'),
  ...dependsOnGroup('process:lake-treatment', 'filters', ['filter:lake-1', 'filter:lake-2']),
  ...dependsOnGroup('process:lake-treatment', 'dosing', ['dosing:lake-1', 'dosing:lake-2']),
  treatedWater('process:lake-treatment', 'reservoir:Lake'),

  ...pump('pump:10', 'Lake pump 10', 'reservoir:Lake', 'junction:10'),
  ...pump('pump:10b', 'Lake pump 10 B (standby)', 'reservoir:Lake', 'junction:10'),
  process('process:lake-pumping', 'Pumping, lake', 'Pumping', {
    criticality: 1,
    requirements: [{ group: 'pumps', mode: 'SUSTAIN', any: true }],
  }),
  ...partOf('area:lake-pumping', 'pump:10', 'pump:10b', 'process:lake-pumping'),
  ...feeds('mcc:lake', 'pump:10', 'pump:10b'),
  ...controls('plc:lake', 'pump:10', 'pump:10b'),
  ...dependsOnGroup('process:lake-pumping', 'pumps', ['pump:10', 'pump:10b']),
  ...dependsOn('process:lake-pumping', 'pipe:101'),
];

const controlCentre = [
  asset('room:control-room', 'Control room', 'Room'),
  asset('feeder:town', 'Town supply of the control centre', 'Feeder', { tags: ['utility'] }),
  asset('ups:control', 'Control room UPS', 'UninterruptiblePowerSupply', { requirements: [BATTERY_OF_30_MINUTES] }),
  asset('server:scada-a', 'SCADA server A', 'Server'),
  asset('server:scada-b', 'SCADA server B', 'Server'),
  system('system:scada', 'SCADA', 'ControlSystem', {
    requirements: [{ group: 'servers', mode: 'SUSTAIN', any: true }],
  }),
  ...partOf('site:control-centre', 'room:control-room', 'ups:control', 'system:scada'),
  ...partOf('system:scada', 'server:scada-a', 'server:scada-b'),
  ...locatedIn('room:control-room', 'ups:control', 'server:scada-a', 'server:scada-b'),
  mains('feeder:town', 'ups:control'),
  ...feeds('ups:control', 'server:scada-a', 'server:scada-b'),
  ...dependsOnGroup('system:scada', 'servers', ['server:scada-a', 'server:scada-b']),
];

export const works = [...organisation, ...powerUtility, ...riverWorks, ...lakeWorks, ...controlCentre];
