UNWIND $sequences AS sequence
MATCH (c:Change {sequence: sequence})
//neo4j USING INDEX SEEK c:Change(sequence)
DELETE c
