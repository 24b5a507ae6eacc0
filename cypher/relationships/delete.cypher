UNWIND $rows AS r
MATCH (a:Twin {id: r[0]})-[x:__TYPE__]->(b:Twin {id: r[2]})
WHERE x.id = r[1]
DELETE x
