UNWIND $sequences AS sequence
MATCH (c:Change {sequence: sequence})
RETURN c.sequence AS sequence, c.at AS at, c.written AS written
