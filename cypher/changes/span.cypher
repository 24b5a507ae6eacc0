MATCH (c:Counter {id: 'changes'})
//neo4j USING INDEX SEEK c:Counter(id)
RETURN c.head AS head, c.oldest AS oldest, c.written AS written
