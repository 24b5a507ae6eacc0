// r: both ends, the relationship's own keys in the order of RELATIONSHIP_KEYS, then a map of its free properties' keys.
UNWIND $rows AS r
MATCH (a:Twin {id: r[0]}), (b:Twin {id: r[1]})
//neo4j USING INDEX SEEK a:Twin(id)
//neo4j USING INDEX SEEK b:Twin(id)
CREATE (a)-[x:__TYPE__ {
  id: r[2], medium: r[3], group: r[4], share: r[5], standbyDelay: r[6], closed: r[7], oneWay: r[8], revision: r[9], free: r[10]
}]->(b)
SET x += r[11]
RETURN count(x) AS written
