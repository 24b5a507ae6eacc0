/** How callers prove who they are, as it is configured. */

/** One of them at least. */
export interface AccessSettings {
  readonly tokens: TokenSettings | null;
  readonly keysFile: string | null;
}

export interface TokenSettings {
  readonly jwksUrl: string;
  readonly issuer: string;
  readonly audience: string;
  readonly algorithms: readonly string[];
  /** Milliseconds that the issuer's clock may be off. */
  readonly clockSkewMs: number;
  /** Names of claims; dots lead into objects. */
  readonly roleClaim: string;
  /** Stands before the names of roles in the role claim. */
  readonly rolePrefix: string;
  readonly withinClaim: string;
  readonly modelsClaim: string;
}
