/** Where nothing is redundant, impact is reach: closures of an enterprise architecture and of building models. */
import { readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import { describe, expect, test } from 'vitest';
import type { RelationshipType } from '../../src/domain/relationship.ts';
import { ImpactModel } from '../../src/impact/impact-model.ts';
import { contentsOf } from '../../src/topology/hierarchy.ts';
import { Topology, type TwinNode } from '../../src/topology/topology.ts';
import { EMPTY_SCENARIO } from '../../src/impact/types.ts';
import { BUILT_IN_TYPE_BY_NAME } from '../support/plant-lines.ts';
import { dataFolders, dataPath, hashOf, hasData, readLines, relationshipOf, twinOf } from '../support/real-data.ts';
import { readTurtle } from '../support/turtle.ts';
import { twinOf as wholeTwin } from '../topology/graph.ts';

const affectedBy = (model: ImpactModel, id: string) =>
  Array.from(model.runScenario({ ...EMPTY_SCENARIO, outage: [id] }).affected, (row) => row.id);

interface ArchiMateRule {
  /** 1: an outage travels from source to target; -1: back. */
  readonly impact_rule: Record<string, 1 | -1>;
}

interface ArchiMateTruth {
  readonly impact_of: string;
  readonly count: number;
  readonly sha: string;
}

describe.skipIf(!hasData('archimate'))('ArchiMate models (skipped where ../shared/data/archimate is missing)', () => {
  test.each(dataFolders('archimate'))('%s: each outage affects its whole closure, through loops', (name) => {
    const [{ impact_rule: rule }] = readLines<ArchiMateRule>('archimate', name, 'truth-impact.jsonl') as [
      ArchiMateRule,
    ];
    const truths = readLines<ArchiMateTruth>('archimate', name, 'truth-impact.jsonl').slice(1);
    const rows = (file: string) =>
      parse<Record<string, string>>(readFileSync(dataPath('archimate', name, file)), { columns: true });
    const types = Object.entries(rule).map(([type, direction]): [string, RelationshipType] => {
      const impact = direction === 1 ? 'SOURCE_TO_TARGET' : 'TARGET_TO_SOURCE';
      return [type, { name: type, impact, mode: 'SUSTAIN', soft: false, description: null }];
    });
    const ids = new Set(rows('elements.csv').map((row) => row['ID'] as string));
    const relations = rows('relations.csv').filter(
      (row) => ids.has(row['Source'] as string) && ids.has(row['Target'] as string),
    );
    const model = ImpactModel.compile({
      twins: [...ids].map((id) => twinOf(id)),
      relationships: relations.map((row) => {
        const type = (row['Type'] as string).replace(/Relationship$/, '');
        return relationshipOf(row['ID'] as string, type, row['Source'] as string, row['Target'] as string);
      }),
      typeByName: new Map(types),
    });
    const wrong = truths.filter((truth) => hashOf(affectedBy(model, truth.impact_of)) !== truth.sha);
    expect(wrong).toEqual([]);
    expect(truths.length).toBeGreaterThan(0);
  });
});

interface BrickTruth {
  readonly q: string;
  readonly of: string;
  readonly count: number;
  /** null: too many to list. */
  readonly ids: readonly string[] | null;
}

const BRICK = 'https://brickschema.org/schema/Brick#';

describe.skipIf(!hasData('brick'))('Brick models (skipped where ../shared/data/brick is missing)', () => {
  const read = (name: string) => {
    const triples = readTurtle(readFileSync(dataPath('brick', `${name}.ttl`), 'utf8'));
    const pairs = (forth: string, back: string) => {
      const all = triples.flatMap(({ subject, predicate, object }) => {
        if (predicate === BRICK + forth) return [[subject, object] as const];
        return predicate === BRICK + back ? [[object, subject] as const] : [];
      });
      return [...new Map(all.map((pair) => [pair.join(' '), pair])).values()];
    };
    return {
      feeds: pairs('feeds', 'isFedBy'),
      parts: pairs('hasPart', 'isPartOf'),
      truth: readLines<BrickTruth>('brick', `truth-${name}.jsonl`),
    };
  };
  const differs = (got: readonly string[], { count, ids }: BrickTruth) =>
    ids === null ? got.length !== count : got.toSorted().join() !== ids.toSorted().join();

  test.each(['soda_brick', 'smallOffice_brick'])('%s: each outage affects all that is fed by it', (name) => {
    const { feeds, truth } = read(name);
    const rows = truth.filter(({ q }) => q === 'downstream');
    const model = ImpactModel.compile({
      twins: [...new Set([...feeds.flat(), ...rows.map((row) => row.of)])].map((id) => twinOf(id)),
      relationships: feeds.map(([source, target], at) => relationshipOf(`feeds ${at}`, 'FEEDS', source, target)),
      typeByName: BUILT_IN_TYPE_BY_NAME,
    });
    expect(rows.filter((row) => differs(affectedBy(model, row.of), row)).map((row) => row.of)).toEqual([]);
    expect(rows.length).toBeGreaterThan(0);
  });

  test.each(['soda_brick', 'smallOffice_brick'])('%s: what is inside of a part is what the model says', (name) => {
    const { parts, truth } = read(name);
    const rows = truth.filter(({ q }) => q === 'parts');
    const topology = new Topology();
    for (const id of new Set(parts.flat())) topology.addTwin(wholeTwin(id));
    for (const [at, [whole, part]] of parts.entries())
      topology.addRelationship(relationshipOf(`part ${at}`, 'PART_OF', part, whole));
    const inside = (id: string) => [...contentsOf(topology.node(id) as TwinNode)];
    expect(rows.filter((row) => differs(inside(row.of), row)).map((row) => row.of)).toEqual([]);
    expect(rows.length).toBeGreaterThan(0);
  });
});
