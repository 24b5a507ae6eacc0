// Writing takes the lock that all writers wait for; what is read after it is the last commit's.
MATCH (c:Counter {id: 'changes'})
//neo4j USING INDEX SEEK c:Counter(id)
SET c.lockedAt = $at
WITH c
RETURN c.head AS head
