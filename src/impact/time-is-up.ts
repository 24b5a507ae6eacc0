/** What a search hears when it yields: true, that it should come to its end with what it has found. */
export type TimeIsUp = boolean | undefined;
