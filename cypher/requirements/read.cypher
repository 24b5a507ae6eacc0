UNWIND $ids AS id
MATCH (t:Twin {id: id})-[:REQUIRES]->(g:RequirementGroup)
RETURN t.id AS twin, g.position AS position, g.group AS group, g.mode AS mode, g.medium AS medium, g.min AS min, g.full AS full,
  g.soft AS soft, g.holdUpMs AS holdUpMs, g.stateOfCharge AS stateOfCharge
