MATCH (c:Counter {id: 'changes'})
//neo4j USING INDEX SEEK c:Counter(id)
SET c.oldest = $oldest
