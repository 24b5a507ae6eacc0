// r: twin, the revision that its readings were judged by, a map of the keys to write, lastSeen.
// Whoever changed the twin meanwhile made the revision another one: then the row is left out, and the count tells.
// What every row writes stands here and not in its map: an engine takes a key of a map in no less time than a value.
UNWIND $rows AS r
MATCH (t:Twin {id: r[0]})
//neo4j USING INDEX SEEK t:Twin(id)
WHERE t.revision = r[1]
SET t += r[2]
SET t += {revision: r[1] + 1, lastSeen: r[3], updatedAt: $at}
RETURN count(t) AS written
