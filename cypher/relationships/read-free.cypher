// Few relationships have free properties, and looking them up costs as much as all the rest of a row.
UNWIND $ids AS id
MATCH (a:Twin {id: id})
//neo4j USING INDEX SEEK a:Twin(id)
WITH a
MATCH (a)-[x]->(b:Twin)
WHERE x.free IS NOT NULL
RETURN x.id AS id, [k IN x.free | x[k]] AS values
