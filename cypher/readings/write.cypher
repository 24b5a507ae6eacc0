// r: twin, the revision that its readings were judged by, a map of all keys to write, the next revision among them.
// Whoever changed the twin meanwhile made the revision another one: then the row is left out, and the count tells.
UNWIND $rows AS r
MATCH (t:Twin {id: r[0]})
//neo4j USING INDEX SEEK t:Twin(id)
WHERE t.revision = r[1]
SET t += r[2]
RETURN count(t) AS written
