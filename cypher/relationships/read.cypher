UNWIND $ids AS id
MATCH (a:Twin {id: id})
//neo4j USING INDEX SEEK a:Twin(id)
WITH a
MATCH (a)-[x]->(b:Twin)
RETURN a.id AS source, type(x) AS type, b.id AS target, x.id AS id, x.medium AS medium, x.group AS group, x.share AS share,
  x.standbyDelay AS standbyDelay, x.closed AS closed, x.oneWay AS oneWay, x.revision AS revision, x.free AS free
