/**
 * A plant of any size for measuring, the same for the same seed: sites with a ring of buses, tie pairs, k of n pumps and
 * machines, rooms, control and cooling that need each other, buffers, and processes that lean on neighbouring sites.
 * 100 sites are about 100,000 twins with about 500,000 memberships of requirement groups.
 */
import { BUILT_IN_TYPES, type Relationship } from '../../src/domain/relationship.ts';
import type { TwinKind } from '../../src/domain/state.ts';
import type { Requirement } from '../../src/domain/twin.ts';
import type { ImpactInputs, ImpactTwin } from '../../src/impact/types.ts';

const MINUTE_MS = 60_000;

export interface SeededPlant extends ImpactInputs {
  readonly twins: readonly ImpactTwin[];
  readonly relationships: readonly Relationship[];
}

/** Numbers in [0, 1) that look random and are the same for the same seed (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export function seededPlant(sites = 100, seed = 1): SeededPlant {
  const builder = new PlantBuilder(seed);
  for (let region = 0; region < Math.ceil(sites / 10); region += 1) builder.twin(`HV${region}`);
  for (let site = 0; site < sites; site += 1) addSite(builder, site, sites);
  return { twins: builder.twins, relationships: builder.relationships, typeByName: builder.typeByName };
}

interface Group {
  readonly name: string;
  /** null: all. */
  readonly min: number | null;
  readonly full: number | null;
  readonly holdUpMs?: number;
  readonly soft?: boolean;
}

class PlantBuilder {
  readonly twins: ImpactTwin[] = [];
  readonly relationships: Relationship[] = [];
  readonly typeByName = new Map(BUILT_IN_TYPES.map((type) => [type.name, type]));
  readonly #random: () => number;

  constructor(seed: number) {
    this.#random = seededRandom(seed);
  }

  twin(id: string, kind: TwinKind = 'ASSET', requirements: readonly Group[] = []): string {
    const declared = requirements.map(({ name, min, full, holdUpMs = 0, soft = false }): Requirement => {
      return { group: name, mode: null, medium: null, min, full, soft, holdUpMs, stateOfCharge: 1 };
    });
    this.twins.push({
      id,
      kind,
      criticality: kind === 'PROCESS' ? 1 + this.pick(5) : 0,
      health: 'OPERATIONAL',
      planned: false,
      closed: true,
      conduction: [],
      requirements: declared,
    });
    return id;
  }

  relate(
    type: string,
    source: string,
    target: string,
    group: string | null = null,
    standbyDelayMs: number | null = null,
  ): void {
    const id = `r${this.relationships.length}`;
    const rest = { medium: null, share: null, closed: true, oneWay: false, properties: {}, revision: 1 };
    this.relationships.push({ id, type, source, target, group, standbyDelayMs, ...rest });
  }

  feed(target: string, group: string | null, ...sources: readonly string[]): void {
    for (const source of sources) this.relate('FEEDS', source, target, group);
  }

  depend(owner: string, group: string | null, ...members: readonly string[]): void {
    for (const member of members) this.relate('DEPENDS_ON', owner, member, group);
  }

  pick(count: number): number {
    return Math.floor(this.#random() * count);
  }

  /** Some of the list, each at most once. */
  sample(list: readonly string[], count: number): string[] {
    const start = this.pick(list.length);
    return Array.from({ length: count }, (_, at) => list[(start + at * 7) % list.length] as string);
  }
}

const ANY = (name: string): Group => ({ name, min: 1, full: 1 });
const range = (count: number) => Array.from({ length: count }, (_, at) => at);

function addSite(builder: PlantBuilder, site: number, sites: number): void {
  const at = (name: string) => `S${site}.${name}`;
  const region = Math.floor(site / 10);
  const regions = Math.ceil(sites / 10);
  const grids = [builder.twin(at('GRIDA')), builder.twin(at('GRIDB'))];
  builder.feed(grids[0] as string, null, `HV${region}`);
  builder.feed(grids[1] as string, null, `HV${(region + 1) % regions}`);

  const buses = range(12).map((n) => builder.twin(at(`BUS${n}`), 'ASSET', [ANY('in')]));
  for (const [n, bus] of buses.entries()) {
    builder.feed(bus, 'in', buses[(n + 11) % 12] as string, buses[(n + 1) % 12] as string);
    if (n % 6 === 0) builder.feed(bus, 'in', grids[n / 6] as string);
  }
  // Pairs of switchboards with a tie between them; the tie is a standby.
  const boards = range(12).map((n) => builder.twin(at(`MCC${n}`), 'ASSET', [ANY('in')]));
  for (const [n, board] of boards.entries()) {
    builder.feed(board, 'in', buses[n] as string);
    builder.relate('FEEDS', boards[n ^ 1] as string, board, 'in', MINUTE_MS);
  }
  const rooms = range(8).map((n) =>
    builder.twin(at(`ROOM${n}`), 'SYSTEM', [{ name: 'cooling', min: 1, full: 1, holdUpMs: 10 * MINUTE_MS }]),
  );
  const chillers = range(6).map((n) => builder.twin(at(`CHILLER${n}`)));
  const pumps = range(6).map((n) => builder.twin(at(`PUMP${n}`)));
  const cooling = range(2).map((n) =>
    builder.twin(at(`COOLING${n}`), 'SYSTEM', [
      { name: 'chillers', min: 1, full: 2 },
      { name: 'pumps', min: 2, full: 2 },
      ANY('control'),
    ]),
  );
  const controllers = range(2).map((n) => builder.twin(at(`CONTROL${n}`)));
  const cores = range(2).map((n) => builder.twin(at(`CORE${n}`)));
  const accesses = range(8).map((n) => builder.twin(at(`ACCESS${n}`), 'ASSET', [ANY('uplink')]));
  const backups = range(4).map((n) =>
    builder.twin(at(`UPS${n}`), 'ASSET', [{ name: 'in', min: 1, full: 1, holdUpMs: 15 * MINUTE_MS }]),
  );
  for (const [n, machine] of [...chillers, ...pumps].entries()) builder.feed(machine, null, boards[n % 12] as string);
  for (const [n, system] of cooling.entries()) {
    builder.depend(system, 'chillers', ...chillers.slice(3 * n, 3 * n + 3));
    builder.depend(system, 'pumps', ...pumps.slice(3 * n, 3 * n + 3));
    builder.depend(system, 'control', ...controllers);
  }
  for (const [n, room] of rooms.entries())
    builder.depend(room, 'cooling', ...(n % 2 ? cooling : [cooling[0] as string]));
  for (const [n, backup] of backups.entries()) builder.feed(backup, 'in', boards[3 * n] as string);
  // Control stands in rooms that are cooled by what it controls.
  for (const [n, device] of [...controllers, ...cores, ...accesses].entries()) {
    builder.feed(device, null, backups[n % 4] as string);
    builder.relate('LOCATED_IN', device, rooms[n % 8] as string);
  }
  for (const access of accesses) builder.depend(access, 'uplink', ...cores);
  addMachines(builder, { site, boards, backups, rooms, accesses, chillers });
}

interface SiteParts {
  readonly site: number;
  readonly boards: readonly string[];
  readonly backups: readonly string[];
  readonly rooms: readonly string[];
  readonly accesses: readonly string[];
  readonly chillers: readonly string[];
}

function addMachines(builder: PlantBuilder, { site, boards, backups, rooms, accesses, chillers }: SiteParts): void {
  const machines: string[] = [];
  for (const n of range(20)) {
    const plc = builder.twin(`S${site}.PLC${n}`, 'ASSET', [ANY('network')]);
    builder.feed(plc, null, backups[n % 4] as string);
    builder.depend(plc, 'network', ...builder.sample(accesses, 2));
    builder.relate('LOCATED_IN', plc, rooms[n % 8] as string);
    for (const m of range(43)) {
      const machine = builder.twin(`S${site}.M${n}.${m}`, 'ASSET', [
        { name: 'water', min: 1, full: 2 },
        { name: 'data', min: 1, full: 1, soft: true },
      ]);
      builder.feed(machine, null, boards[builder.pick(12)] as string);
      builder.relate('CONTROLS', plc, machine);
      if (m % 4 === 1) builder.relate('LOCATED_IN', machine, rooms[builder.pick(8)] as string);
      if (m % 4 !== 3)
        builder.depend(machine, 'water', ...(builder.pick(2) ? chillers.slice(0, 3) : chillers.slice(3)));
      if (m % 8 === 3) builder.depend(machine, 'data', ...builder.sample(accesses, 2));
      machines.push(machine);
    }
  }
  const processes: string[] = [];
  for (const n of range(60)) {
    const process = builder.twin(`S${site}.PROCESS${n}`, 'PROCESS', [{ name: 'line', min: 3, full: 5 }, ANY('before')]);
    builder.depend(process, 'line', ...builder.sample(machines, 6));
    builder.depend(process, null, ...builder.sample(machines, 3));
    // Six make a line; the first of a site take what two sites before them make.
    if (n % 6 >= 2) builder.depend(process, 'before', processes[n - 1] as string, processes[n - 2] as string);
    else if (n < 2 && site % 5 >= 3)
      builder.depend(process, 'before', `S${site - 2}.PROCESS5`, `S${site - 3}.PROCESS5`);
    processes.push(process);
  }
}
