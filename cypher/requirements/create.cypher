UNWIND $rows AS r
MATCH (t:Twin {id: r[0]})
//neo4j USING INDEX SEEK t:Twin(id)
CREATE (t)-[:REQUIRES]->(:RequirementGroup {
  position: r[1], group: r[2], mode: r[3], medium: r[4], min: r[5], full: r[6], soft: r[7], holdUpMs: r[8], stateOfCharge: r[9]
})
