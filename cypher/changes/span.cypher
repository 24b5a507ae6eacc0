MATCH (c:Counter {id: 'changes'}) RETURN c.head AS head, c.oldest AS oldest, c.written AS written
