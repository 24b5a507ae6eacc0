// `head`: the last sequence; `oldest`: the first one that is still kept; `written`: characters of all records so far. A graph begins with 1.
MERGE (c:Counter {id: 'changes'}) ON CREATE SET c.head = 0, c.oldest = 1, c.written = 0
