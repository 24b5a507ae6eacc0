UNWIND $ids AS id
MATCH (t:Twin {id: id})
//neo4j USING INDEX SEEK t:Twin(id)
WITH t
MATCH (t)-[:REQUIRES]->(g:RequirementGroup)
RETURN t.id AS twin, g.position AS position, g.group AS group, g.mode AS mode, g.medium AS medium, g.min AS min, g.full AS full,
  g.soft AS soft, g.holdUpMs AS holdUpMs, g.stateOfCharge AS stateOfCharge
