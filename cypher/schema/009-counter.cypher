// `head`: the last sequence; `oldest`: the first one that is still kept. A graph begins with 1.
MERGE (c:Counter {id: 'changes'}) ON CREATE SET c.head = 0, c.oldest = 1
