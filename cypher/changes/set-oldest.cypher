MATCH (c:Counter {id: 'changes'}) SET c.oldest = $oldest
