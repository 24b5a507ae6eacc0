// r: source, id, target, then a map of the keys that change; null takes a key away.
UNWIND $rows AS r
MATCH (a:Twin {id: r[0]})-[x:__TYPE__]->(b:Twin {id: r[2]})
WHERE x.id = r[1]
SET x += r[3]
