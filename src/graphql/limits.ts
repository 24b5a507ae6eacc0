/** Limits of the API's doors, each with its reason. Those of the domain are in src/domain/limits.ts. */

export const API_LIMITS = {
  /** Bytes of an HTTP body or a WebSocket message: a mutation of 10,000 twins with a few properties each fits. */
  messageBytes: 16 * 1024 * 1024,
  /** Bytes of a message of telemetry over HTTP: what a payload from a broker may have, see docs/MQTT.md. */
  telemetryBytes: 65_536,
  /** Characters of a query: the longest of ours, and introspection, stay under 4,000. Data belongs into variables. */
  queryLength: 64 * 1024,
  /** Tokens of a query: validation compares fields pairwise, so its cost grows with the square. */
  queryTokens: 5_000,
  /** Nesting of fields: eight levels of a tree with nodes between them, and introspection, fit. */
  queryDepth: 24,
  /** Brackets of any kind within each other: the deepest fields, with the deepest JSON written out in their arguments. */
  queryBrackets: 128,
  /** Aliases of a query: enough for a dashboard of many tiles; an alias is a field asked for again. */
  queryAliases: 100,
  /** Fields of a query with its fragments spread out: fragments in fragments grow exponentially. */
  queryFields: 5_000,
  /** Fields that a query may come to when every page is full: about one to two seconds of one core. */
  queryCost: 1_000_000,
  /** Nesting of a JSON value at the door; what may be kept is decided by the domain. */
  jsonDepth: 64,
  /** Messages to clients are cut here: an error does not echo a megabyte. */
  errorMessageLength: 1_000,
  /** Errors in one answer; the rest is counted: a broken list of 10,000 would repeat one message. */
  errorsPerAnswer: 100,
  /** Moments of the past in one request: each takes a copy of the whole graph in memory. */
  momentsPerRequest: 4,
  /** Milliseconds of a query before its statements are cancelled. */
  requestMs: 60_000,
  /** WebSockets of this server at a time: about 20 KB each. */
  sockets: 10_000,
  /** WebSockets from one address: a browser opens one a tab; a gateway may hold many. */
  socketsPerAddress: 2_000,
  /** Bytes that may wait for one WebSocket before its events are merged: a second of a busy dashboard. */
  socketBacklogBytes: 256 * 1024,
  /** Operations at a time on one WebSocket: each holds an iterator on the feed. */
  operationsPerSocket: 200,
  /** Operations at a time of one caller, over all requests and sockets: some sockets full. */
  operationsPerCaller: 1_000,
  /** Milliseconds after which the credentials of an open socket are looked at again: they may have been taken back. */
  credentialsAgeMs: 10_000,
  /** Texts of queries remembered as checked. */
  checkedQueries: 1_000,
  /** Costs remembered of a query, by its variables: pages of a few sizes. */
  costsPerQuery: 20,
  /** Characters of a query that is worth remembering. */
  checkedQueryLength: 8 * 1024,
  /** Characters of all queries whose documents are kept for WebSockets: parsed, a text takes many times its length. */
  keptDocumentsLength: 256 * 1024,
  /** Milliseconds that a new socket has to introduce itself. */
  socketInitMs: 3_000,
  /** Milliseconds between signs of life on a socket; one without an answer is closed. */
  socketPingMs: 12_000,
  /** Milliseconds that a stopping server waits for requests under way; all of the stop has 10 s. */
  drainMs: 4_000,
} as const;
