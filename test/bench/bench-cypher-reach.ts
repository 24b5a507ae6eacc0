/**
 * `bench-cypher-reach [SAMPLES]`, 1,000 by default: what a twin's outage reaches, asked of Neo4j by one Cypher query for each
 * twin, scaled up to all of them, beside the ranking of all single outages, which also judges redundancy. The same seeded
 * plant, its memberships written as relationships from a member to who needs it.
 */
import { readFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import neo4j, { type Driver } from 'neo4j-driver';
import type { TestProject } from 'vitest/node';
import type { CompiledPlant } from '../../src/impact/compiled-plant.ts';
import { ImpactModel } from '../../src/impact/impact-model.ts';
import setUpNeo4j, { type Neo4jAddress } from '../support/neo4j-server.ts';
import { median, rankAll, type Timed, timed, withoutTime } from './ranked-outages.ts';
import { seededPlant, seededRandom } from './seeded-plant.ts';

const SAMPLES = Number(process.argv[2] ?? 1_000);
/** Queries of each form before any is counted, so that plans, pages and the server's code are warm; then to compare them. */
const WARM_UPS = 100;
const COMPARED = 50;
const QUERY_LIMIT_MS = 30_000;
/** The forms that answer it; the fastest of some samples is the one that all are asked in. */
const FORMS = {
  'var-length, DISTINCT':
    'MATCH (t:Reached {id: $id})-[:NEEDED_BY*1..]->(d) WHERE d <> t WITH DISTINCT d RETURN count(*) AS reached',
  'var-length, count(DISTINCT)':
    'MATCH (t:Reached {id: $id})-[:NEEDED_BY*1..]->(d) WHERE d <> t RETURN count(DISTINCT d) AS reached',
  'quantified path, DISTINCT':
    'MATCH (t:Reached {id: $id})-[:NEEDED_BY]->+(d) WHERE d <> t WITH DISTINCT d RETURN count(*) AS reached',
} as const;
type Form = keyof typeof FORMS;

const random = seededRandom(11);
const inputs = seededPlant();
const model = ImpactModel.compile(withoutTime(inputs));
const { plant } = model;
const pick = (): number => Math.floor(random() * plant.twinCount);

let address: Neo4jAddress | null = null;
const provide = (_: string, given: Neo4jAddress | null): void => {
  address = given;
};
const stop = await setUpNeo4j({ provide } as unknown as TestProject);
try {
  if (address !== null) await compare(address);
} finally {
  await stop?.();
}

async function compare({ uri, username, password }: Neo4jAddress): Promise<void> {
  const driver = neo4j.driver(uri, neo4j.auth.basic(username, password), { disableLosslessIntegers: true });
  try {
    await write(driver);
    const form = await fastestForm(driver);
    const rankings = [timed(() => rankAll(model))];
    const queries = await askAll(driver, form);
    const together = await askTogether(driver);
    while (rankings.length < 9) rankings.push(timed(() => rankAll(model)));
    tell(queries, together, rankings);
  } finally {
    await driver.executeQuery('MATCH (t:Reached) CALL (t) { DETACH DELETE t } IN TRANSACTIONS').catch(() => undefined);
    await driver.close();
  }
}

/** Each membership once, by the places of its twins: from a member to whose group it is in. */
function memberships({ dependentStart, dependentMember, memberGroup, groupOwner, twinCount }: CompiledPlant) {
  const rows: { from: string; to: string }[] = [];
  for (let twin = 0; twin < twinCount; twin += 1) {
    const members = dependentMember.subarray(dependentStart[twin], dependentStart[twin + 1]);
    for (const owner of new Set(Array.from(members, (member) => groupOwner[memberGroup[member] as number] as number)))
      rows.push({ from: plant.ids[twin] as string, to: plant.ids[owner] as string });
  }
  return rows;
}

async function write(driver: Driver): Promise<void> {
  const run = async (statement: string, rows: readonly object[]): Promise<void> => {
    for (let start = 0; start < rows.length; start += 2_000)
      await driver.executeQuery(statement, { rows: rows.slice(start, start + 2_000) });
  };
  await driver.executeQuery('CREATE CONSTRAINT reached_id IF NOT EXISTS FOR (t:Reached) REQUIRE t.id IS UNIQUE');
  await run(
    'UNWIND $rows AS r CREATE (:Reached {id: r.id})',
    plant.ids.map((id) => ({ id })),
  );
  const rows = memberships(plant);
  await run(
    'UNWIND $rows AS r MATCH (a:Reached {id: r.from}), (b:Reached {id: r.to}) CREATE (a)-[:NEEDED_BY]->(b)',
    rows,
  );
  console.log(`${plant.twinCount} twins, ${plant.memberCount} memberships, ${rows.length} relationships`);
}

interface Asked {
  readonly ms: number;
  /** null: it hit the limit. */
  readonly reached: number | null;
}

async function ask(driver: Driver, form: Form, id: string): Promise<Asked> {
  const session = driver.session({ defaultAccessMode: 'READ' });
  const startedAt = performance.now();
  try {
    const { records } = await session.run(FORMS[form], { id }, { timeout: QUERY_LIMIT_MS });
    return { ms: performance.now() - startedAt, reached: records[0]?.get('reached') ?? 0 };
  } catch (error) {
    if (!(error as { code?: string }).code?.includes('TransactionTimedOut')) throw error;
    return { ms: performance.now() - startedAt, reached: null };
  } finally {
    await session.close();
  }
}

async function fastestForm(driver: Driver): Promise<Form> {
  const forms = Object.keys(FORMS) as Form[];
  const timesByForm = new Map(forms.map((form) => [form, [] as number[]]));
  for (let n = 0; n < WARM_UPS + COMPARED; n += 1) {
    const id = plant.ids[pick()] as string;
    for (const [form, times] of timesByForm) {
      const { ms, reached } = await ask(driver, form, id);
      if (reached === null) timesByForm.delete(form);
      else if (n >= WARM_UPS) times.push(ms);
    }
  }
  for (const form of forms) {
    const { summary } = await driver.executeQuery(`EXPLAIN ${FORMS[form]}`, { id: '' });
    const times = timesByForm.get(form);
    console.log(`${form}: ${times ? text(median(times)) : 'over the limit'} (${operators(summary.plan).join(' < ')})`);
  }
  const fastest = [...timesByForm].toSorted(([, a], [, b]) => median(a) - median(b))[0]?.[0];
  if (!fastest) throw new Error('no form answers within the limit');
  return fastest;
}

interface Plan {
  readonly operatorType: string;
  readonly children: readonly Plan[];
}

function operators(planned: unknown): string[] {
  const { operatorType, children } = planned as Plan;
  return [operatorType.replace('@neo4j', ''), ...children.flatMap(operators)];
}

async function askAll(driver: Driver, form: Form): Promise<readonly Asked[]> {
  const asked: Asked[] = [];
  for (let n = 0; n < SAMPLES; n += 1) {
    const twin = pick();
    const each = await ask(driver, form, plant.ids[twin] as string);
    const expected = reachOf(twin);
    if (each.reached !== null && each.reached !== expected)
      throw new Error(`${plant.ids[twin]}: ${each.reached} were reached, expected ${expected}`);
    asked.push(each);
  }
  const startedAt = performance.now();
  for (let n = 0; n < SAMPLES; n += 1) await driver.executeQuery('RETURN 1');
  const empty = (performance.now() - startedAt) / SAMPLES;
  console.log(`asked as ${form}; a query for nothing takes ${text(empty)} on average`);
  return asked;
}

/** Milliseconds for one twin when all samples are asked in one statement, which nobody waits for twin by twin. */
async function askTogether(driver: Driver): Promise<number> {
  const ids = Array.from({ length: SAMPLES }, () => plant.ids[pick()]);
  const startedAt = performance.now();
  await driver.executeQuery(
    `UNWIND $ids AS id CALL (id) {
       MATCH (t:Reached {id: id})-[:NEEDED_BY*1..]->(d) WHERE d <> t RETURN count(DISTINCT d) AS reached
     } RETURN sum(reached)`,
    { ids },
  );
  return (performance.now() - startedAt) / SAMPLES;
}

/** The same, walked here: the queries are to answer it. */
function reachOf(source: number): number {
  const { dependentStart, dependentMember, memberGroup, groupOwner } = plant;
  const reached = new Set([source]);
  for (const twin of reached) {
    for (let n = dependentStart[twin] as number; n < (dependentStart[twin + 1] as number); n += 1)
      reached.add(groupOwner[memberGroup[dependentMember[n] as number] as number] as number);
  }
  return reached.size - 1;
}

function tell(asked: readonly Asked[], together: number, rankings: readonly Timed<number>[]): void {
  const times = asked.map(({ ms }) => ms);
  const mean = times.reduce((sum, ms) => sum + ms, 0) / times.length;
  const reached = asked.reduce((sum, each) => sum + (each.reached ?? 0), 0) / asked.length;
  const over = asked.filter((each) => each.reached === null).length;
  console.log(
    `${asked.length} queries, ${reached.toFixed(0)} twins reached on average: median ${text(median(times))}, mean ${text(mean)}, ` +
      `most ${text(Math.max(...times))}; ${over} hit the limit of ${QUERY_LIMIT_MS / 1_000} s`,
  );
  const ranked = median(rankings.map(({ wallMs }) => wallMs));
  const outages = rankings[0]?.result ?? 0;
  const scaled = mean * outages;
  console.log(
    `${outages} outages ranked in ${text(ranked)} by the clock (${text(median(rankings.map(({ ms }) => ms)))} of the processor); ` +
      `the queries for as many ${(scaled / 1_000).toFixed(0)} s: ${(scaled / ranked).toFixed(0)} times; ` +
      `in one statement for all samples ${text(together)} each, ${((together * outages) / ranked).toFixed(0)} times; ` +
      `load ${readFileSync('/proc/loadavg', 'utf8').split(' ')[0]}`,
  );
}

function text(ms: number): string {
  return `${ms.toFixed(ms < 10 ? 2 : 0)} ms`;
}
