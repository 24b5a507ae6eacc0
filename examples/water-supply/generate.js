/**
 * Writes plant.jsonl: a water supply on the facts of EPANET's example network 3.
 *
 *     node examples/water-supply/generate.js path/to/Net3.inp > examples/water-supply/plant.jsonl
 *
 * Reservoirs, tanks, pumps, pipes and junctions have Net3's ids, elevations, sizes, demands and places.
 * Districts and processes are laid over them here; treatment, power and control come from works.js.
 */
import { readFileSync } from 'node:fs';
import { argv, exit, stderr, stdout } from 'node:process';
import { models } from './models.js';
import { readNet3 } from './read-net3.js';
import { clearWaterWell, works } from './works.js';

if (argv.length !== 3) {
  stderr.write('usage: generate.js path/to/Net3.inp\n');
  exit(2);
}
const net3 = readNet3(readFileSync(argv[2], 'utf8'));

const twin = (id, kind, name, model, rest = {}) => ({ twin: { id, kind, name, model, ...rest } });
const joined = (type, source, target, rest = {}) => ({ relationship: { type, source, target, ...rest } });

/** Districts by the junctions in them, cut where few mains cross. Their names are made up. */
const DISTRICTS = [
  { key: 'lakeside', name: 'Lakeside', criticality: 2, junctions: '10 101 103 105 107 109' },
  { key: 'highfield', name: 'Highfield', criticality: 2, junctions: '111 113 115 117 120 197 257 259 261 263' },
  { key: 'riverside', name: 'Riverside', criticality: 3, junctions: '119 121 123 125 127 129 131 20' },
  { key: 'eastfield', name: 'Eastfield', criticality: 2, junctions: '139 141 143 145 147 149 15 151 153' },
  { key: 'old-town', name: 'Old Town', criticality: 3, junctions: '157 159 161 163 164 166 191 193 195 265 267' },
  {
    key: 'millbrook',
    name: 'Millbrook',
    criticality: 2,
    junctions: '167 169 171 173 177 179 181 183 184 185 187 189 204 269 271 35 40',
  },
  { key: 'harbour', name: 'Harbour', criticality: 3, junctions: '199 201 203 205 206 207 208 273 275' },
  {
    key: 'southport',
    name: 'Southport',
    criticality: 3,
    junctions: '209 211 213 215 217 219 225 229 231 237 239 241 243 247 249 251 253 255 50',
  },
].map((district) => ({ ...district, id: `district:${district.key}`, junctions: district.junctions.split(' ') }));
const districtByJunction = new Map(DISTRICTS.flatMap((district) => district.junctions.map((id) => [id, district])));

/** Customers that Net3 shows by a demand pattern of their own. They have a meter and a process each. */
const BULK_CUSTOMERS = [
  { junction: '203', key: 'refinery', name: 'the refinery', criticality: 3 },
  { junction: '35', key: 'power-station', name: 'the power station', criticality: 4 },
  { junction: '123', key: 'norwood', name: 'the neighbouring Norwood network', criticality: 2 },
  { junction: '15', key: 'irrigation', name: 'the Eastfield irrigators', criticality: 1 },
];
const isBulk = (junction) => BULK_CUSTOMERS.some((customer) => customer.junction === junction.id);

/** Mains that belong to no district. */
const TRUNK_MAINS = { 329: 'River trunk main', 101: 'Lake trunk main', 60: 'River suction main' };
const RIVER_WORKS_JUNCTIONS = ['60', '61', '601'];

/** Flows of an EPANET run over 24 hours: river pumps together, and lake pump, in L/s. */
const RIVER_PUMPING = 820;
const LAKE_PUMPING = 208;

const junctionById = new Map(net3.junctions.map((junction) => [junction.id, junction]));
const demandOf = (junctions) => junctions.reduce((sum, id) => sum + junctionById.get(id).meanDemand, 0);
const householdsOf = (district) =>
  district.junctions.filter((id) => junctionById.get(id).meanDemand > 0 && !isBulk(junctionById.get(id)));
const totalDemand = demandOf([...junctionById.keys()]);
const householdDemand = demandOf(DISTRICTS.flatMap(householdsOf));

/** Requirement shares are whole numbers: tenths of a litre a second. */
const inShares = (litresPerSecond) => Math.max(1, Math.round(litresPerSecond * 10));
const round = (value, digits) => Number(value.toFixed(digits));

/** The id that a link's or node's end has in the plant. */
const nodeIds = new Map([
  ...net3.junctions.map(({ id }) => [id, `junction:${id}`]),
  ...net3.tanks.map(({ id }) => [id, `tank:${id}`]),
  ...net3.reservoirs.map(({ id }) => [id, `reservoir:${id}`]),
]);
// Net3 uses 10 for a junction and a pump, and 20, 40, 50 and 60 for a junction and a pipe; the prefix tells them apart.
const nodeId = (id) => nodeIds.get(id);

function nodes() {
  const wells = { River: clearWaterWell('PT2H'), Lake: clearWaterWell('PT1H') };
  return [
    ...net3.reservoirs.map(({ id, ...properties }) =>
      twin(`reservoir:${id}`, 'ASSET', `${id} source`, 'Reservoir', { properties, requirements: [wells[id]] }),
    ),
    ...net3.junctions.map(({ id, ...properties }) =>
      twin(`junction:${id}`, 'ASSET', `Junction ${id}`, 'Junction', { properties }),
    ),
    ...RIVER_WORKS_JUNCTIONS.map((id) => joined('PART_OF', `junction:${id}`, 'area:river-pumping')),
    ...[...districtByJunction].map(([id, district]) => joined('PART_OF', `junction:${id}`, district.id)),
  ];
}

/**
 * A tank is a source of the network as long as it is filled from its main, and for its hold-up after that:
 * the usable volume at Net3's starting level, emptied by what it would have to serve alone.
 */
function tanks() {
  const servedAlone = { 1: totalDemand, 2: demandOf(DISTRICTS.at(-1).junctions), 3: totalDemand };
  const names = { 1: 'Millbrook tank', 2: 'Southport tank', 3: 'Riverside tank' };
  return net3.tanks.flatMap((tank) => {
    const { id, level, ...properties } = tank;
    const litres = (metres) => metres * Math.PI * (tank.diameter / 2) ** 2 * 1000;
    const fullMinutes = Math.round(litres(tank.mostLevel - tank.leastLevel) / servedAlone[id] / 60);
    const stateOfCharge = round((level - tank.leastLevel) / (tank.mostLevel - tank.leastLevel), 2);
    const filling = { group: 'filling', mode: 'SUPPLY', medium: 'storage', holdUp: `PT${fullMinutes}M`, stateOfCharge };
    const inlet = net3.pipes.find((pipe) => pipe.start === id || pipe.end === id);
    const main = inlet.start === id ? inlet.end : inlet.start;
    return [
      twin(`tank:${id}`, 'ASSET', `${names[id]} (tank ${id})`, 'Tank', { properties, requirements: [filling] }),
      joined('PART_OF', `tank:${id}`, 'area:storage'),
      joined('FEEDS', `junction:${main}`, `tank:${id}`, { medium: 'storage', group: 'filling' }),
    ];
  });
}

function pipes() {
  return net3.pipes.flatMap(({ id, start, end, closed, ...properties }) => {
    const trunk = TRUNK_MAINS[id];
    const name = trunk ? `${trunk} (pipe ${id})` : id === '330' ? 'Bypass of the river pumps (pipe 330)' : `Pipe ${id}`;
    const district = districtByJunction.get(start) ?? districtByJunction.get(end);
    const whole = trunk ? 'area:trunk-mains' : (district?.id ?? 'area:river-pumping');
    return [
      twin(`pipe:${id}`, 'ASSET', name, 'Pipe', { properties, ...(!closed && { closed: false }) }),
      joined('PART_OF', `pipe:${id}`, whole),
      joined('CONNECTED_TO', nodeId(start), `pipe:${id}`, { medium: 'water' }),
      joined('CONNECTED_TO', `pipe:${id}`, nodeId(end), { medium: 'water' }),
    ];
  });
}

/** Junctions of a district that a main joins to something outside of it. */
function inletsOf(district) {
  const inside = new Set(district.junctions);
  const crossing = net3.pipes.filter((pipe) => inside.has(pipe.start) !== inside.has(pipe.end));
  return [...new Set(crossing.map((pipe) => (inside.has(pipe.start) ? pipe.start : pipe.end)))];
}

function districts() {
  return DISTRICTS.flatMap((district) => {
    const supply = `supply:${district.key}`;
    const households = householdsOf(district);
    const shares = households.map((id) => ({ id, share: inShares(junctionById.get(id).meanDemand) }));
    const all = shares.reduce((sum, { share }) => sum + share, 0);
    const meanDemand = round(demandOf(households), 2);
    const inlets = inletsOf(district);
    const logger = households[0];
    return [
      twin(district.id, 'SYSTEM', district.name, 'District', { properties: { meanDemand } }),
      joined('PART_OF', district.id, 'site:network'),
      twin(supply, 'PROCESS', `Supply of ${district.name}`, 'Supply', {
        criticality: district.criticality,
        properties: { meanDemand },
        requirements: [
          { group: 'inlets', mode: 'SUPPLY', medium: 'water', any: true },
          // A twentieth may go without before the district counts as degraded, a half before it counts as lost.
          {
            group: 'delivery',
            mode: 'SUPPLY',
            medium: 'water',
            min: Math.ceil(all * 0.5),
            full: Math.ceil(all * 0.95),
          },
          { group: 'pressure', mode: 'SUSTAIN', soft: true },
        ],
      }),
      joined('PART_OF', supply, district.id),
      ...inlets.map((id) => joined('FEEDS', `junction:${id}`, supply, { medium: 'water', group: 'inlets' })),
      ...shares.map(({ id, share }) =>
        joined('FEEDS', `junction:${id}`, supply, { medium: 'water', group: 'delivery', share }),
      ),
      joined('DEPENDS_ON', supply, 'process:into-supply', { group: 'pressure' }),
      twin(`logger:${district.key}`, 'ASSET', `Pressure logger of ${district.name}`, 'PressureLogger'),
      joined('PART_OF', `logger:${district.key}`, district.id),
      joined('MEASURES', `logger:${district.key}`, `junction:${logger}`),
    ];
  });
}

function offtake(key, name, junction) {
  return [
    twin(`offtake:${key}`, 'ASSET', name, 'Offtake'),
    joined('CONNECTED_TO', `junction:${junction}`, `offtake:${key}`, { medium: 'water' }),
    joined('PART_OF', `offtake:${key}`, districtByJunction.get(junction).id),
  ];
}

function customers() {
  const hospitalServices = [
    { key: 'hospital-1', junction: '163' },
    { key: 'hospital-2', junction: '169' },
  ];
  return [
    ...BULK_CUSTOMERS.flatMap(({ junction, key, name, criticality }) => [
      ...offtake(key, `Offtake of ${name}`, junction),
      twin(`supply:${key}`, 'PROCESS', `Supply of ${name}`, 'Supply', {
        criticality,
        properties: { meanDemand: junctionById.get(junction).meanDemand },
      }),
      joined('PART_OF', `supply:${key}`, districtByJunction.get(junction).id),
      joined('FEEDS', `offtake:${key}`, `supply:${key}`, { medium: 'water' }),
    ]),
    ...hospitalServices.flatMap(({ key, junction }, i) => offtake(key, `Hospital service ${i + 1}`, junction)),
    twin('supply:hospital', 'PROCESS', 'Supply of the hospital', 'Supply', {
      criticality: 8,
      description: 'Two services from different mains, and roof tanks for four hours.',
      requirements: [{ group: 'services', mode: 'SUPPLY', medium: 'water', any: true, holdUp: 'PT4H' }],
    }),
    joined('PART_OF', 'supply:hospital', 'district:old-town'),
    ...hospitalServices.map(({ key }) =>
      joined('FEEDS', `offtake:${key}`, 'supply:hospital', { medium: 'water', group: 'services' }),
    ),
  ];
}

function wholeSupply() {
  const shares = DISTRICTS.map((district) => ({
    id: `supply:${district.key}`,
    share: inShares(demandOf(householdsOf(district))),
  }));
  const all = shares.reduce((sum, { share }) => sum + share, 0);
  return [
    twin('process:into-supply', 'PROCESS', 'Water into supply', 'Pumping', {
      criticality: 5,
      description: 'Full: the mean demand of all customers. Least: that of the households alone. In litres a second.',
      requirements: [
        { group: 'works', mode: 'SUSTAIN', min: Math.floor(householdDemand), full: Math.ceil(totalDemand) },
      ],
    }),
    joined('PART_OF', 'process:into-supply', 'site:network'),
    joined('DEPENDS_ON', 'process:into-supply', 'process:river-pumping', { group: 'works', share: RIVER_PUMPING }),
    joined('DEPENDS_ON', 'process:into-supply', 'process:lake-pumping', { group: 'works', share: LAKE_PUMPING }),
    twin('supply:city', 'PROCESS', 'Drinking water for the city', 'Supply', {
      criticality: 10,
      properties: { meanDemand: round(householdDemand, 2) },
      requirements: [
        { group: 'districts', mode: 'SUSTAIN', min: Math.ceil(all * 0.5), full: Math.ceil(all * 0.95) },
        { group: 'supervision', mode: 'SUSTAIN', soft: true },
      ],
    }),
    joined('PART_OF', 'supply:city', 'enterprise:lindmere'),
    ...shares.map(({ id, share }) => joined('DEPENDS_ON', 'supply:city', id, { group: 'districts', share })),
    joined('SUPPORTS', 'system:scada', 'supply:city', { group: 'supervision' }),
  ];
}

const areas = [
  twin('area:trunk-mains', 'SYSTEM', 'Trunk mains', 'Area'),
  twin('area:storage', 'SYSTEM', 'Storage', 'Area'),
  joined('PART_OF', 'area:trunk-mains', 'site:network'),
  joined('PART_OF', 'area:storage', 'site:network'),
];

const lines = [
  ...models.map((model) => ({ model })),
  ...works,
  ...areas,
  ...nodes(),
  ...tanks(),
  ...pipes(),
  ...districts(),
  ...customers(),
  ...wholeSupply(),
];
stdout.write(`${lines.map((line) => JSON.stringify(line)).join('\n')}\n`);
