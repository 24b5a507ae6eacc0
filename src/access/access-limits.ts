/** Limits of checking credentials, each with its reason. */

export const ACCESS_LIMITS = {
  /** Characters of a token or key: tokens with many groups in them stay under 8,000; HTTP itself takes 16 KB of headers. */
  credentialsLength: 12_000,
  /** Characters of the name of who asks: it stands in every record of what they change. */
  actorLength: 256,
  /** Bytes of the file of keys: some ten thousand keys. */
  keysFileBytes: 8 * 1024 * 1024,
  /** Milliseconds for which a file of keys is not looked at again. */
  keysFileMs: 1_000,
  /** Twins, or models, in the scope of one caller: more is a subtree, or a model that they extend. */
  scopeIds: 256,
  /** Milliseconds after the issuer's keys were read for which an unknown key id does not have them read again. */
  jwksCooldownMs: 30_000,
  /** Milliseconds for which the issuer's keys are used without being read again. */
  jwksAgeMs: 600_000,
  /** Milliseconds that the issuer has to answer. */
  jwksMs: 5_000,
  /** Tokens whose check is remembered. */
  checkedTokens: 1_000,
  /** Milliseconds for which it is: a key that the issuer takes back is worth nothing after that and `jwksAgeMs`. */
  checkedTokenMs: 30_000,
} as const;
