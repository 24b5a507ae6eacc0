/** The example plant as a file: whole, accepted by the same checks as any input, and in line with its own story. */
import { describe, expect, it } from 'vitest';
import { parseModel } from '../../src/application/parse-model.ts';
import { parseRelationship } from '../../src/application/parse-relationship.ts';
import { parseTwin } from '../../src/application/parse-twin.ts';
import { Faults } from '../../src/domain/faults.ts';
import { BUILT_IN_TYPES } from '../../src/domain/relationship.ts';
import { readProjectFile } from '../support/project-files.ts';

interface Line {
  readonly model?: unknown;
  readonly twin?: unknown;
  readonly relationship?: unknown;
}
const lines = readProjectFile('examples/water-supply/plant.jsonl')
  .trimEnd()
  .split('\n')
  .map((line) => JSON.parse(line) as Line);

const faults = new Faults();
const typeByName = new Map(BUILT_IN_TYPES.map((type) => [type.name, type]));
const models = lines
  .flatMap((line, i) => (line.model ? [parseModel(line.model, `line ${i + 1}`, faults)] : []))
  .filter((one) => one !== undefined);
const twins = lines
  .flatMap((line, i) => (line.twin ? [parseTwin(line.twin, `line ${i + 1}`, faults)] : []))
  .filter((one) => one !== undefined);
const relationships = lines
  .flatMap((line, i) =>
    line.relationship ? [parseRelationship(line.relationship, `line ${i + 1}`, typeByName, faults)] : [],
  )
  .filter((one) => one !== undefined);
const twinById = new Map(twins.map((twin) => [twin.id, twin]));
const modelById = new Map(models.map((model) => [model.id, model]));

describe('the example plant', () => {
  it('passes the checks of every input', () => {
    expect(faults.list).toEqual([]);
    expect(models.length + twins.length + relationships.length).toBe(lines.length);
  });

  it('holds all of Net3: 92 junctions, 117 pipes, 3 tanks, 2 pumps and 2 reservoirs', () => {
    const count = (prefix: string): number => twins.filter((twin) => twin.id.startsWith(prefix)).length;
    expect([count('junction:'), count('pipe:'), count('tank:'), count('reservoir:')]).toEqual([92, 117, 3, 2]);
    expect([twinById.has('pump:10'), twinById.has('pump:335')]).toEqual([true, true]);
  });

  it('names no twin, model or relationship twice', () => {
    expect(twinById.size).toBe(twins.length);
    expect(modelById.size).toBe(models.length);
    expect(new Set(relationships.map((one) => one.id)).size).toBe(relationships.length);
  });

  it('leaves no end of a relationship open', () => {
    expect(relationships.filter((one) => !twinById.has(one.source) || !twinById.has(one.target))).toEqual([]);
  });

  it('gives each twin a model of its kind', () => {
    expect(twins.filter((twin) => modelById.get(twin.fields.model ?? '')?.kind !== twin.kind)).toEqual([]);
  });

  it('puts each twin in one place, under the water supplier or the power utility', () => {
    const parents = new Map<string, string[]>();
    for (const one of relationships.filter((each) => each.type === 'PART_OF')) {
      parents.set(one.source, [...(parents.get(one.source) ?? []), one.target]);
    }
    const roots = twins.filter((twin) => !parents.has(twin.id)).map((twin) => twin.id);
    expect(roots.toSorted()).toEqual(['enterprise:lindmere', 'system:power-utility']);
    expect([...parents].filter(([, list]) => list.length > 1)).toEqual([]);
  });

  it('declares every group that a relationship names, and fills every group that it declares', () => {
    const declared = new Set(
      twins.flatMap((twin) => (twin.fields.requirements ?? []).map((need) => `${twin.id} ${need.group}`)),
    );
    const dependent = (one: (typeof relationships)[number]): string =>
      one.type === 'DEPENDS_ON' ? one.source : one.target;
    const named = new Set(
      relationships.flatMap((one) => (one.group === null ? [] : [`${dependent(one)} ${one.group}`])),
    );
    expect([...named].toSorted()).toEqual([...declared].toSorted());
  });

  it('asks for no more shares than a group has', () => {
    const total = (twin: string, group: string): number =>
      relationships
        .filter((one) => one.group === group && (one.type === 'DEPENDS_ON' ? one.source : one.target) === twin)
        .reduce((sum, one) => sum + (one.share ?? 1), 0);
    const wanting = twins.flatMap((twin) =>
      (twin.fields.requirements ?? [])
        .filter((need) => (need.full ?? 1) > total(twin.id, need.group))
        .map((need) => `${twin.id} ${need.group}: ${need.full} of ${total(twin.id, need.group)}`),
    );
    expect(wanting).toEqual([]);
  });
});
