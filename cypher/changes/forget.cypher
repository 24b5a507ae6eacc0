UNWIND $sequences AS sequence
MATCH (c:Change {sequence: sequence})
DELETE c
