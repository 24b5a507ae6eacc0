/**
 * The models of the plant's twins: properties with their units, and the limits by which a twin's health is judged
 * (ISA-18.2: threshold, deadband, delay). Every limit is one that a water supplier would set; none is Net3's.
 */

/** Telemetry comes every few seconds; after this long without any, a value is stale. */
const STALE_AFTER = 'PT2M';

const measured = (name, unit, ...limits) => ({
  name,
  schema: 'double',
  unit,
  staleAfter: STALE_AFTER,
  ...(limits.length > 0 && { limits }),
});
const fixed = (name, unit, schema = 'double') => ({ name, schema, ...(unit !== undefined && { unit }) });
/** What an operator asks for; the pump reports under the same name what it took. */
const settable = (name, unit) => ({ name, schema: 'double', unit, writable: true });
const above = (threshold, state, deadband, delay) => ({
  comparison: 'ABOVE',
  threshold,
  state,
  deadband,
  ...(delay !== undefined && { delay }),
});
const below = (threshold, state, deadband, delay) => ({
  ...above(threshold, state, deadband, delay),
  comparison: 'BELOW',
});

const asset = (id, name, properties, rest = {}) => ({ id, kind: 'ASSET', name, properties, ...rest });
const system = (id, name, properties = [], rest = {}) => ({ id, kind: 'SYSTEM', name, properties, ...rest });
const process = (id, name, properties = [], rest = {}) => ({ id, kind: 'PROCESS', name, properties, ...rest });

const inWater = (role) => ({ conduction: [{ medium: 'water', role }] });

export const models = [
  // ISA-95 levels
  system('Enterprise', 'Enterprise'),
  system('Site', 'Site'),
  system('Area', 'Area'),
  system('District', 'Supply district', [fixed('meanDemand', 'L/s')], { extends: ['Area'] }),
  system('ControlSystem', 'Control system'),
  asset('Room', 'Room', []),

  // the water network
  asset('NetworkNode', 'Node of the water network', [fixed('elevation', 'm'), fixed('x'), fixed('y')]),
  asset('Reservoir', 'Source of treated water', [fixed('head', 'm')], {
    extends: ['NetworkNode'],
    ...inWater('SOURCE'),
  }),
  asset(
    'Junction',
    'Junction',
    [
      fixed('meanDemand', 'L/s'),
      // 14.06 m is 20 psi, the least that fire brigades accept
      measured('pressure', 'm', below(14.06, 'DEGRADED', 1, 'PT5S'), below(3.5, 'DOWN', 1, 'PT5S')),
    ],
    { extends: ['NetworkNode'], ...inWater('CONDUCTOR') },
  ),
  asset(
    'Tank',
    'Service reservoir',
    [
      fixed('diameter', 'm'),
      fixed('leastLevel', 'm'),
      fixed('mostLevel', 'm'),
      measured('level', 'm'),
      measured('filling', '%', below(20, 'DEGRADED', 5, 'PT5S'), below(2, 'DOWN', 3)),
      measured('netInflow', 'L/s'),
    ],
    { extends: ['NetworkNode'], ...inWater('SOURCE') },
  ),
  asset(
    'Pipe',
    'Main',
    [fixed('length', 'm'), fixed('diameter', 'mm'), fixed('roughness'), measured('flow', 'L/s')],
    inWater('CONDUCTOR'),
  ),
  asset('Offtake', 'Metered offtake', [measured('flow', 'L/s')], inWater('CONSUMER')),
  asset('PressureLogger', 'Pressure logger', [measured('battery', '%', below(10, 'DEGRADED', 5))]),

  // machines
  asset('Machine', 'Machine', [measured('power', 'kW')]),
  asset(
    'Pump',
    'Pump',
    [
      measured('flow', 'L/s'),
      measured('speed', '1/min'),
      settable('speedSetpoint', '1/min'),
      measured('bearingTemperature', 'degC', above(80, 'DEGRADED', 5), above(95, 'DOWN', 25)),
      // zone boundaries of ISO 10816-7 for pumps above 200 kW
      measured('vibration', 'mm/s', above(6.5, 'DEGRADED', 1), above(9.5, 'DOWN', 3, 'PT10S')),
    ],
    { extends: ['Machine'], ...inWater('CONDUCTOR') },
  ),
  asset('Filter', 'Rapid gravity filter', [
    measured('headLoss', 'm', above(2.4, 'DEGRADED', 0.6)),
    measured('turbidity', 'NTU', above(0.5, 'DEGRADED', 0.2, 'PT5S'), above(1, 'DOWN', 0.5, 'PT5S')),
  ]),
  asset('DosingPump', 'Dosing pump', [measured('flow', 'L/h')], { extends: ['Machine'] }),
  asset('WaterAnalyser', 'Water quality analyser', [measured('freeChlorine', 'mg/L')]),
  asset('Intake', 'Raw water intake', [
    measured('screenHeadLoss', 'm', above(0.5, 'DEGRADED', 0.2), above(1, 'DOWN', 0.5)),
  ]),

  // power
  asset('Feeder', 'Utility feeder', [measured('voltage', 'kV', below(10.5, 'DEGRADED', 0.2), below(8, 'DOWN', 2))]),
  asset('Transformer', 'Transformer', [
    fixed('ratedPower', 'kVA'),
    measured('oilTemperature', 'degC', above(95, 'DEGRADED', 5), above(110, 'DOWN', 15)),
  ]),
  asset('Switchboard', 'Switchboard', [measured('voltage', 'V', below(370, 'DEGRADED', 10), below(300, 'DOWN', 50))]),
  asset('MotorControlCentre', 'Motor control centre', [], { extends: ['Switchboard'] }),
  asset('Generator', 'Standby generator', [
    fixed('ratedPower', 'kVA'),
    measured('fuelLevel', '%', below(25, 'DEGRADED', 5), below(3, 'DOWN', 5)),
  ]),
  asset('UninterruptiblePowerSupply', 'Uninterruptible power supply', [
    measured('charge', '%', below(50, 'DEGRADED', 10)),
    measured('load', '%'),
  ]),

  // control
  asset('Controller', 'Programmable logic controller', [measured('cycleTime', 'ms', above(100, 'DEGRADED', 20))]),
  asset('Server', 'Server', [measured('cpuLoad', '%', above(95, 'DEGRADED', 10, 'PT30S'))]),

  // what is done
  process('Treatment', 'Water treatment', [measured('output', 'L/s')]),
  process('Pumping', 'Pumping into supply', [measured('output', 'L/s')]),
  process('Supply', 'Supply of customers', [fixed('meanDemand', 'L/s')]),
];
