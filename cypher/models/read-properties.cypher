MATCH (m:Model)-[:HAS_PROPERTY]->(p:PropertyModel)
RETURN m.id AS model, p.position AS position, p.name AS name, p.schema AS schema, p.unit AS unit, p.writable AS writable,
  p.staleAfter AS staleAfter, p.limitComparisons AS limitComparisons, p.limitThresholds AS limitThresholds,
  p.limitStates AS limitStates, p.limitDeadbands AS limitDeadbands, p.limitDelays AS limitDelays,
  p.historyDeadband AS historyDeadband, p.historyMaxInterval AS historyMaxInterval
