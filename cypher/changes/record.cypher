MATCH (c:Counter {id: 'changes'})
//neo4j USING INDEX SEEK c:Counter(id)
SET c.head = $sequence, c.written = c.written + $size
CREATE (:Change {sequence: $sequence, at: $at, written: c.written, body: $body})
