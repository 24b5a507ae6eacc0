// The first WITH parts what finds the twin from what it is joined to: planned as one, Neo4j may begin at the other end.
UNWIND $ids AS id
MATCH (t:Twin {id: id})
WITH t
MATCH (t)-[:REQUIRES]->(g:RequirementGroup)
RETURN t.id AS twin, g.position AS position, g.group AS group, g.mode AS mode, g.medium AS medium, g.min AS min, g.full AS full,
  g.soft AS soft, g.holdUpMs AS holdUpMs, g.stateOfCharge AS stateOfCharge
