// r: source, id, target, then a map of the keys that change; null takes a key away.
// Both ends are found by index first; what joins them is few, whatever else they are joined to.
UNWIND $rows AS r
MATCH (a:Twin {id: r[0]}), (b:Twin {id: r[2]})
//neo4j USING INDEX SEEK a:Twin(id)
//neo4j USING INDEX SEEK b:Twin(id)
WITH r, a, b
MATCH (a)-[x:__TYPE__]->(b)
WHERE x.id = r[1]
SET x += r[3]
RETURN count(x) AS written
