UNWIND $rows AS r
MATCH (m:Model {id: r[0]})
//neo4j USING INDEX SEEK m:Model(id)
CREATE (m)-[:HAS_PROPERTY]->(:PropertyModel {
  position: r[1], name: r[2], schema: r[3], unit: r[4], writable: r[5], staleAfter: r[6],
  limitComparisons: r[7], limitThresholds: r[8], limitStates: r[9], limitDeadbands: r[10], limitDelays: r[11],
  historyDeadband: r[12], historyMaxInterval: r[13]
})
