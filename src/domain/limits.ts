/** A limit on everything, each with its reason. Messages name the limit and its value. */

export const LIMITS = {
  /** Characters of an id. Long enough for paths and URNs; short enough for an index key. */
  idLength: 512,
  /** Characters of a name. */
  nameLength: 512,
  /** Characters of a description: it is kept in memory for search. */
  descriptionLength: 4_096,
  /** Tags of a twin. */
  tags: 64,
  /** Characters of a tag, medium, group or property name: they become keys in the graph. */
  keyLength: 256,
  /** Properties of one twin: more is a document, not a twin. */
  propertiesPerTwin: 1_024,
  /** Bytes of one property value as JSON: series and files belong elsewhere. */
  valueBytes: 65_536,
  /** Nesting of a JSON value. */
  valueDepth: 8,
  /** Requirement groups of a twin. */
  requirementsPerTwin: 64,
  /** Parents that a model names, and depth of inheritance. */
  modelParents: 16,
  modelDepth: 16,
  /** Twins, relationships or models in one mutation: one transaction of this size stays well under a second. */
  inputsPerMutation: 10_000,
  /** Items of one page; also the most that `first` may ask for. */
  pageSize: 10_000,
  /** Twins that one walk of reach may visit before it says that it is not complete. */
  reachTwins: 1_000_000,
  /** Steps that a search for paths may take. */
  pathSteps: 1_000_000,
  /** Paths in one answer. */
  paths: 100,
  /** Sets of outages that one search for cut sets or root causes may try: some seconds on a large plant. */
  analysisHypotheses: 1_000_000,
  /** Steps of a witness in one answer: nobody reads a chain of ten thousand, and a page holds many. The middle is left out. */
  witnessSteps: 1_000,
  /** Lost members told in one step of it. */
  witnessLost: 100,
  /** Steps of a timeline in one answer. */
  timelineSteps: 1_000,
  /** Twins of a scenario that are tried alone as the cause of a loss: each is the scenario once more. */
  causeParts: 256,
  /** Twins of a scenario that are tried in pairs: some five hundred scenarios. */
  causePairs: 32,
  /** Milliseconds after which such a search tells what it has found; below the patience of those who wait for it. */
  analysisMs: 10_000,
  /** Commits that one look into the past walks back: as many as the feed keeps; what takes too long is ended by the request's time. */
  rewoundRecords: 100_000,
  /** Properties that may have changed since a moment that is looked at: each is kept as it was, some hundred bytes. */
  rewoundProperties: 1_000_000,
  /** Characters of one line of an imported file: a twin with many properties fits, a file without line ends does not fill the memory. */
  importLineLength: 16_777_216,
  /** Relationships declared by one model. */
  relationshipTypesPerModel: 64,
  /** Characters of a unit. */
  unitLength: 64,
  /** Unknown twins that are remembered; the one silent for longest goes first. */
  quarantinedTwins: 1_000,
  /** Characters of the sample kept of each. */
  quarantineSample: 1_024,
  /** Readings kept of each, the newest of a property, to be taken when it is adopted. */
  quarantinedReadings: 32,
  /** Characters of a text or JSON value among them; longer ones are not kept. */
  quarantinedValue: 1_024,
  /** Milliseconds that a source's clock may be ahead of ours. */
  aheadMs: 60_000,
} as const;
