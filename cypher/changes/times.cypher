UNWIND $sequences AS sequence
MATCH (c:Change {sequence: sequence})
//neo4j USING INDEX SEEK c:Change(sequence)
RETURN c.sequence AS sequence, c.at AS at, c.written AS written
