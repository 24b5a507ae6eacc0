/** Relationships, pages of them, and paths. */
import { relationshipToInput } from '../../application/to-input.ts';
import type { PropertyValue } from '../../domain/property.ts';
import type { Resolvers } from '../schema-types.ts';
import { pageInfo, twinById, twinsOf } from './twin.ts';

export const relationshipResolvers: Resolvers = {
  Relationship: {
    source: (relationship, _, context) => twinById(context, relationship.source),
    target: (relationship, _, context) => twinById(context, relationship.target),
    standbyDelay: (relationship) => relationship.standbyDelayMs,
    input: (relationship) => relationshipToInput(relationship) as unknown as PropertyValue,
  },
  RelationshipConnection: { nodes: (page) => page.rows, pageInfo },
  Path: {
    nodes: (path) => twinsOf(path.nodes),
    relationships: (path) => path.links.map((link) => link.relationship),
    length: (path) => path.links.length,
  },
};
