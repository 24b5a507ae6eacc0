/** Compact arrays of a small plant, made from the reference's own groups: independent of how the engine compiles. */
import { findComponents } from '../../src/impact/components.ts';
import { LOOP_SUPPLY, LOOP_SUSTAIN, type LanePlant, usersOf } from '../../src/impact/lane-plant.ts';
import { CUTS, PLANES, type Plant, reaches, referenceGroups } from './reference-impact.ts';

export interface NumberedPlant {
  readonly lanes: LanePlant;
  readonly idByNumber: readonly string[];
  readonly numberById: ReadonlyMap<string, number>;
}

export function lanePlantFrom(plant: Plant): NumberedPlant {
  const groups = referenceGroups(plant).map((g) => ({ ...g, members: g.members.filter((m) => m.conducts) }));
  const at = new Map(plant.twins.map((twin, index) => [twin.id, index]));
  const needs = plant.twins.map(({ id }) =>
    groups.filter((g) => g.owner === id).flatMap((g) => g.members.map((m) => at.get(m.twin) as number)),
  );
  const starts = new Int32Array(needs.length + 1);
  for (const [index, list] of needs.entries()) starts[index + 1] = (starts[index] as number) + list.length;
  const { componentOf, order, count } = findComponents({ starts, needs: Int32Array.from(needs.flat()) });
  const twins = [...order].map((index) => plant.twins[index] as Plant['twins'][number]);
  const numberById = new Map(twins.map((twin, number) => [twin.id, number]));
  const own = twins.map(({ id }) => groups.filter((g) => g.owner === id));
  const ordered = own.flat();
  const sums = (lengths: number[]) =>
    Int32Array.from([0, ...lengths.map((_, i) => lengths.slice(0, i + 1).reduce((a, b) => a + b))]);
  const componentOfNumber = Int32Array.from([...order].map((index) => componentOf[index] as number));
  const componentOfId = (id: string) => componentOf[at.get(id) as number];
  const loopFlags = (component: number) =>
    ordered
      .filter((g) => componentOfId(g.owner) === component && g.members.some((m) => componentOfId(m.twin) === component))
      .reduce((flags, g) => flags | (g.mode === 'SUPPLY' ? LOOP_SUPPLY : LOOP_SUSTAIN), 0);
  const lanes = {
    twinCount: twins.length,
    groupOwner: Int32Array.from(ordered.map((g) => numberById.get(g.owner) as number)),
    groupStart: sums(own.map((list) => list.length)),
    groupSustain: Uint8Array.from(ordered.map((g) => (g.mode === 'SUSTAIN' ? 1 : 0))),
    needFull: Int32Array.from(ordered.map((g) => g.full)),
    needMin: Int32Array.from(ordered.map((g) => (g.soft ? 0 : g.min))),
    memberStart: sums(ordered.map((g) => g.members.length)),
    memberTwin: Int32Array.from(ordered.flatMap((g) => g.members.map((m) => numberById.get(m.twin) as number))),
    memberShare: Int32Array.from(ordered.flatMap((g) => g.members.map((m) => m.share))),
    componentOf: componentOfNumber,
    loop: Uint8Array.from({ length: count }, (_, component) => loopFlags(component)),
    componentStart: Int32Array.from([
      ...Array.from({ length: count }, (_, c) => componentOfNumber.indexOf(c)),
      twins.length,
    ]),
    reaches: Uint8Array.from(
      twins.map((twin) =>
        PLANES.flatMap((plane) => CUTS.map((cut) => reaches(twin, cut, plane))).reduce(
          (bits, is, bit) => bits | (is ? 1 << bit : 0),
          0,
        ),
      ),
    ),
  };
  return { lanes: { ...lanes, ...usersOf(lanes) }, idByNumber: twins.map((twin) => twin.id), numberById };
}
