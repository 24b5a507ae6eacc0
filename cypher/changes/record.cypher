MATCH (c:Counter {id: 'changes'})
SET c.head = $sequence
CREATE (:Change {sequence: $sequence, at: $at, body: $body})
