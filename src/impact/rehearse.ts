/**
 * What-ifs that nobody asked for, on a plant that nobody has: code that has not run yet is slow, ten times and more, and
 * the first to ask would wait for it in turns that are too long for all others. A thousand twins, with all that takes
 * code of its own: rings, ties, hold-ups, k of n, control that needs what it controls, planned work.
 */
import { BUILT_IN_TYPES, type Relationship } from '../domain/relationship.ts';
import type { Requirement } from '../domain/twin.ts';
import { ImpactModel } from './impact-model.ts';
import type { Steps } from './steps.ts';
import { EMPTY_SCENARIO, type ImpactTwin, type Scenario } from './types.ts';

const SITES = 100;
/** Until V8 has compiled what is used most; more rounds make little difference. */
const ROUNDS = 8;
/** Small, so that it is worked out beside the state in many steps, as what is large is. */
const WORK_PER_STEP = 64;
const MINUTE_MS = 60_000;

/** A few tenths of a second, in steps. Answers how many twins the last one affects. */
export function* rehearse(): Steps<number> {
  const plant = new RehearsalPlant();
  for (let site = 0; site < SITES; site += 1) {
    plant.addSite(site);
    yield;
  }
  const { twins, relationships } = plant;
  const typeByName = new Map(BUILT_IN_TYPES.map((type) => [type.name, type]));
  const model = yield* ImpactModel.compileInSteps({ twins, relationships, typeByName }, WORK_PER_STEP);
  const outage = Array.from({ length: SITES }, (_, site) => `${site}.GRID`);
  let affected = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    yield* ask(model, { ...EMPTY_SCENARIO, outage: [`${round}.BUS0`] });
    yield* ask(model, { ...EMPTY_SCENARIO, outage });
    affected = yield* ask(model, { ...EMPTY_SCENARIO, outage, maintain: [`${round}.BUS1`] });
  }
  return affected;
}

/** As an API asks. */
function* ask(model: ImpactModel, scenario: Scenario): Steps<number> {
  const answer = yield* model.runScenarioInSteps(scenario);
  yield* answer.newlyAtRisk();
  for (const { id } of answer.affected.slice(0, 10)) answer.witness(id);
  return answer.affected.length;
}

class RehearsalPlant {
  readonly twins: ImpactTwin[] = [];
  readonly relationships: Relationship[] = [];

  addSite(site: number): void {
    const id = (name: string): string => `${site}.${name}`;
    this.#twin(id('GRID'));
    for (const [name, other] of [
      ['BUS0', 'BUS1'],
      ['BUS1', 'BUS0'],
    ] as const) {
      this.#twin(id(name), { group: 'in', min: 1, full: 1 });
      this.#relate('FEEDS', id('GRID'), id(name), 'in');
      this.#relate('FEEDS', id(other), id(name), 'in', MINUTE_MS);
    }
    this.#twin(id('UPS'), { group: 'in', min: 1, full: 1, holdUpMs: MINUTE_MS });
    this.#relate('FEEDS', id('BUS0'), id('UPS'), 'in');
    this.#twin(id('CONTROL'));
    this.#relate('FEEDS', id('UPS'), id('CONTROL'));
    this.#twin(id('ROOM'), { group: 'cooling', min: 1, full: 2, holdUpMs: MINUTE_MS });
    for (const name of ['PUMP0', 'PUMP1', 'PUMP2']) {
      this.#twin(id(name));
      this.#relate('FEEDS', id('BUS1'), id(name));
      this.#relate('CONTROLS', id('CONTROL'), id(name));
      this.#relate('DEPENDS_ON', id('ROOM'), id(name), 'cooling');
    }
    // What is cooled is what controls the cooling.
    this.#relate('LOCATED_IN', id('CONTROL'), id('ROOM'));
    this.#twin(id('PROCESS'), { group: 'pumps', min: 2, full: 3 });
    for (const name of ['PUMP0', 'PUMP1', 'PUMP2']) this.#relate('DEPENDS_ON', id('PROCESS'), id(name), 'pumps');
    if (site > 0) this.#relate('DEPENDS_ON', id('PROCESS'), `${site - 1}.PROCESS`);
  }

  #twin(id: string, requirement?: Pick<Requirement, 'group' | 'min' | 'full'> & { holdUpMs?: number }): void {
    const rest = { mode: null, medium: null, soft: false, holdUpMs: 0, stateOfCharge: 1 };
    this.twins.push({
      id,
      kind: id.endsWith('PROCESS') ? 'PROCESS' : 'ASSET',
      criticality: 1,
      health: 'OPERATIONAL',
      planned: false,
      closed: true,
      conduction: [],
      requirements: requirement ? [{ ...rest, ...requirement }] : [],
    });
  }

  #relate(
    type: string,
    source: string,
    target: string,
    group: string | null = null,
    standbyDelayMs: number | null = null,
  ): void {
    const id = `${source} ${type} ${target}`;
    const rest = { medium: null, share: null, closed: true, oneWay: false, properties: {}, revision: 1 };
    this.relationships.push({ id, type, source, target, group, standbyDelayMs, ...rest });
  }
}
