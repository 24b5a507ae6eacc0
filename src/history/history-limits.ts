/** Limits of history's stores, each with its reason. docs/HISTORY.md names them. */

export const HISTORY_LIMITS = {
  /** Bytes of texts and JSON values in the memory's ring; numbers take a slot of some 32 bytes each. */
  ringTextBytes: 67_108_864,
  /** What DuckDB may use of memory; by its own default it takes most of the machine's. */
  duckdbMemory: '1GB',
  /** Rows of DuckDB's data chunk. */
  duckdbChunkRows: 2_048,
  /** Connections to Postgres: one appends, the others answer questions. */
  postgresConnections: 4,
  /** Milliseconds to reach Postgres. */
  postgresConnectMs: 5_000,
  /** Milliseconds of a statement: as long as the API's own patience with a request. */
  postgresStatementMs: 60_000,
} as const;
