MATCH (c:Counter {id: 'changes'})
SET c.head = $sequence, c.written = c.written + $size
CREATE (:Change {sequence: $sequence, at: $at, written: c.written, body: $body})
