// Grafeo checks a constraint with every key that is set, which takes a third off its telemetry; there it is left to
// twins/count-existing, in the transaction that creates.
//neo4j CREATE CONSTRAINT twin_id IF NOT EXISTS FOR (t:Twin) REQUIRE t.id IS UNIQUE
