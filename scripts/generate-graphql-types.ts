/**
 * The types of the resolvers, made from schema.graphql. A test rebuilds them and compares;
 * `npx vitest run test/graphql/schema-types.test.ts -u` writes them.
 */
import { readFileSync } from 'node:fs';
import { codegen } from '@graphql-codegen/core';
import * as typescript from '@graphql-codegen/typescript';
import * as typescriptResolvers from '@graphql-codegen/typescript-resolvers';
import { parse } from 'graphql';

const HEADER = `// Generated from schema.graphql by scripts/generate-graphql-types.ts; do not edit.
// biome-ignore-all format: generated
/* oxlint-disable */
`;

/** What resolvers get as parents, where that is not the shape of the schema. */
const PARENTS: Record<string, string> = {
  Twin: '../domain/twin.ts#Twin as TwinParent',
  Asset: '../domain/twin.ts#Twin as TwinParent',
  Process: '../domain/twin.ts#Twin as TwinParent',
  System: '../domain/twin.ts#Twin as TwinParent',
  Relationship: '../domain/relationship.ts#Relationship as RelationshipParent',
  RelationshipType: '../domain/relationship.ts#RelationshipType as RelationshipTypeParent',
  Model: '../domain/model.ts#Model as ModelParent',
  PropertyModel: '../domain/model.ts#PropertyModel as PropertyModelParent',
  Limit: '../domain/model.ts#Limit as LimitParent',
  HistoryPolicy: '../domain/history.ts#HistoryPolicy as HistoryPolicyParent',
  HistoryRange: '../application/history-store.ts#HistoryAnswer',
  Sample: '../domain/history.ts#Sample as SampleParent',
  Property: './property-row.ts#PropertyRow',
  Status: './parents.ts#StatusParent',
  Requirement: '../impact/types.ts#RequirementStatus',
  RequirementMember: './parents.ts#RequirementMemberParent',
  TwinConnection: './parents.ts#TwinPage',
  RelationshipConnection: './parents.ts#RelationshipPage',
  ReachConnection: './parents.ts#ReachPage',
  AffectedConnection: './parents.ts#AffectedPage',
  CriticalityConnection: './parents.ts#CriticalityPage',
  Path: '../topology/paths.ts#TwinPath',
  PathResult: '../topology/paths.ts#PathAnswer',
  Impact: '../application/application.ts#ScenarioResult',
  Affected: './parents.ts#AffectedParent',
  ImpactSummary: './parents.ts#ImpactSummaryParent',
  WitnessStep: '../impact/types.ts#WitnessStep as WitnessStepParent',
  Criticality: '../impact/types.ts#CriticalityRow',
  AuditLog: '../application/audit-log.ts#AuditAnswer',
  AuditEntry: '../domain/change.ts#ChangeRecord',
  AuditChange: './parents.ts#AuditChangeParent',
  QuarantineConnection: './parents.ts#QuarantinePage',
  QuarantinedTwin: '../application/quarantine.ts#QuarantinedTwin as QuarantinedTwinParent',
  QuarantinedReading: '../domain/telemetry.ts#Reading',
  CutSetResult: '../impact/types.ts#CutSetAnswer',
  CutSet: './parents.ts#CutSetParent',
  RootCause: '../impact/types.ts#RootCauseRow',
  ModelIssue: '../impact/types.ts#ModelIssue as ModelIssueParent',
  TwinChange: '../application/application.ts#TwinEvent as TwinChangeParent',
  StateChange: '../application/application.ts#StateEvent as StateChangeParent',
  TopologyChange: '../application/application.ts#TopologyEvent as TopologyChangeParent',
  ImpactEvent: '../application/application.ts#ImpactEvent as ImpactEventParent',
  Gap: '../application/application.ts#GapEvent as GapParent',
};

export const TYPES_FILE = new URL('../src/graphql/schema-types.ts', import.meta.url);

export async function generateGraphqlTypes(): Promise<string> {
  const schema = parse(readFileSync(new URL('../schema.graphql', import.meta.url), 'utf8'));
  const generated = await codegen({
    schema,
    documents: [],
    filename: 'schema-types.ts',
    plugins: [{ typescript: {} }, { typescriptResolvers: {} }],
    pluginMap: { typescript, typescriptResolvers },
    config: {
      enumsAsTypes: true,
      useTypeImports: true,
      immutableTypes: true,
      skipTypename: true,
      disableDescriptions: true,
      inputMaybeValue: 'T | null | undefined',
      contextType: './context.ts#RequestContext',
      mappers: PARENTS,
      scalars: {
        ID: 'string',
        DateTime: 'number',
        Duration: 'number',
        JSON: '../domain/property.ts#PropertyValue',
      },
    },
  });
  return `${HEADER}${generated}`;
}
