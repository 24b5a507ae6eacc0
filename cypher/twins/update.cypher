// r: id, then a map of the keys that change; null takes a key away.
UNWIND $rows AS r
MATCH (t:Twin {id: r[0]})
//neo4j USING INDEX SEEK t:Twin(id)
SET t += r[1]
RETURN count(t) AS written
