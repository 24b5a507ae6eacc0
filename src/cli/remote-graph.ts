/** The graph of a running server, as the commands need it, over GraphQL. */
import type { ExportItem } from '../application/export-items.ts';
import type { RelationshipInput, TwinInput } from '../application/inputs.ts';
import type { PropertyValue } from '../domain/property.ts';
import type { ModelIssue } from '../impact/types.ts';
import { type Ask, createAsk } from './graphql-client.ts';
import type { ImpactRow } from './impact-row.ts';
import type { ImportTarget } from './parts.ts';
import { importRemotely } from './import-remotely.ts';

export interface RemoteGraph extends ImportTarget {
  exportItems(): AsyncGenerator<readonly ExportItem[]>;
  modelIssues(limit: number): Promise<readonly ModelIssue[]>;
  /** `asOf`: an instant of the past; null: now. */
  impact(outage: readonly string[], asOf: string | null): Promise<readonly ImpactRow[]>;
}

/** @throws LinchpinError BAD_INPUT where the URL is none */
export function createRemoteGraph(url: string, token: string | null): RemoteGraph {
  const ask = createAsk(url, token);
  return {
    importGraph: (input, options) => importRemotely(ask, input, options),
    exportItems: () => exportRemotely(ask),
    async modelIssues(first) {
      const { modelIssues } = await ask<{
        modelIssues: { code: string; message: string; twin: { id: string } | null }[];
      }>('query ($first: Int!) { modelIssues(first: $first) { code message twin { id } } }', { first });
      return modelIssues.map(({ code, message, twin }) => ({ code, twin: twin?.id ?? null, message }));
    },
    impact: (outage, asOf) => impactRemotely(ask, outage, asOf),
  };
}

interface Page {
  readonly hasNextPage: boolean;
  readonly endCursor: string | null;
}

const IMPACT = `query ($outage: [ID!]!, $asOf: DateTime, $after: String) {
  impact(scenario: { outage: $outage, asOf: $asOf }) {
    affected(first: 1000, after: $after) {
      pageInfo { hasNextPage endCursor }
      nodes { twin { id name kind } before after certainty impactAt recoversAt witness { twin { id } } }
    }
  }
}`;

type AffectedNode = Omit<ImpactRow, 'id' | 'name' | 'kind' | 'because'> & {
  readonly twin: Pick<ImpactRow, 'id' | 'name' | 'kind'>;
  readonly witness: readonly { readonly twin: { readonly id: string } }[];
};

async function impactRemotely(ask: Ask, outage: readonly string[], asOf: string | null): Promise<ImpactRow[]> {
  const rows: ImpactRow[] = [];
  for (let after: string | null = null; ; ) {
    const answer: { impact: { affected: { pageInfo: Page; nodes: AffectedNode[] } } } = await ask(IMPACT, {
      outage,
      asOf,
      after,
    });
    const { nodes, pageInfo } = answer.impact.affected;
    for (const { twin, witness, ...rest } of nodes) {
      rows.push({ ...twin, ...rest, because: witness.map((step) => step.twin.id) });
    }
    if (!pageInfo.hasNextPage) return rows;
    after = pageInfo.endCursor;
  }
}

const MODELS = 'query ($after: String) { models(first: 1000, after: $after) { id definition } }';
const TWINS = `query ($after: String) {
  twins(first: 500, after: $after) {
    pageInfo { hasNextPage endCursor }
    nodes {
      id
      input
      relationships(direction: OUT, first: 100) { pageInfo { hasNextPage endCursor } nodes { input } }
    }
  }
}`;
const RELATIONSHIPS = `query ($id: ID!, $after: String) {
  twin(id: $id) {
    relationships(direction: OUT, first: 5000, after: $after) { pageInfo { hasNextPage endCursor } nodes { input } }
  }
}`;

interface RelationshipPage {
  readonly pageInfo: Page;
  readonly nodes: readonly { readonly input: RelationshipInput }[];
}
interface TwinNode {
  readonly id: string;
  readonly input: TwinInput;
  readonly relationships: RelationshipPage;
}

/** In the order of an export straight from the store; relationships are kept until all are there. */
async function* exportRemotely(ask: Ask): AsyncGenerator<readonly ExportItem[]> {
  for (let after: string | null = null; ; ) {
    const { models }: { models: { id: string; definition: PropertyValue }[] } = await ask(MODELS, { after });
    if (models.length === 0) break;
    yield models.map(({ definition }) => ({ model: definition }));
    after = models.at(-1)?.id ?? null;
  }
  const relationships: RelationshipInput[] = [];
  for (let after: string | null = null; ; ) {
    const { twins }: { twins: { pageInfo: Page; nodes: TwinNode[] } } = await ask(TWINS, { after });
    yield twins.nodes.map(({ input }) => ({ twin: input }));
    for (const node of twins.nodes) await takeRelationships(ask, node, relationships);
    if (!twins.pageInfo.hasNextPage) break;
    after = twins.pageInfo.endCursor;
  }
  yield relationships
    .toSorted((a, b) => ((a.id ?? '') < (b.id ?? '') ? -1 : 1))
    .map((relationship) => ({ relationship }));
}

async function takeRelationships(ask: Ask, { id, relationships }: TwinNode, into: RelationshipInput[]): Promise<void> {
  let page: RelationshipPage | undefined = relationships;
  while (page) {
    for (const { input } of page.nodes) into.push(input);
    if (!page.pageInfo.hasNextPage) return;
    const after = page.pageInfo.endCursor;
    const answer: { twin: { relationships: RelationshipPage } | null } = await ask(RELATIONSHIPS, { id, after });
    page = answer.twin?.relationships;
  }
}
