/** A setting of ours that is misspelt is told, instead of being overlooked. */
import { isOneSlip } from './domain/one-slip.ts';

/** Prefixes that are ours, with what other programs are known to keep under them. */
const OTHERS_UNDER_OUR_PREFIXES =
  /^(NEO4J_(HOME|CONF|DEBUG|EDITION|ACCEPT_LICENSE_AGREEMENT|SHA256|TARBALL)|KAFKA_(HOME|DEBUG|(\w+_)?OPTS))$/;
/** Of AUTH_, which others use too, what sounds like one of ours: overlooked, it would leave the doors open. */
const OUR_PREFIXES = /^((KAFKA|NEO4J|MQTT|HISTORY|TELEMETRY)_|AUTH_(?=ALG|AUD|CLAIM|CLOCK|ISS|JWK|JWT|KEY|ROLE|SCOPE))/;

/**
 * Variables that look like settings of ours and are none, with what may have been meant.
 * @param names of our settings
 * @param known all names that are understood
 */
export function misspeltSettings(
  environment: Readonly<Record<string, string | undefined>>,
  names: readonly string[],
  known: ReadonlySet<string>,
): string[] {
  const faults: string[] = [];
  for (const name of Object.keys(environment).toSorted()) {
    if (known.has(name) || !environment[name] || OTHERS_UNDER_OUR_PREFIXES.test(name)) continue;
    const near = names.find((ours) => isNearMiss(name, ours));
    const prefix = OUR_PREFIXES.exec(name)?.[0];
    if (near) faults.push(`${name}: there is no such setting; did you mean ${near}?`);
    else if (prefix) {
      const ours = names.filter((one) => one.startsWith(prefix));
      faults.push(`${name}: there is no such setting; with ${prefix} there are ${ours.join(', ')}`);
    }
  }
  return faults;
}

/** Shorter names differ from many an innocent one by a letter. */
const SHORTEST_WITH_SLIPS = 7;

function isNearMiss(name: string, ours: string): boolean {
  const plain = (text: string): string => text.toUpperCase().replaceAll(/[_-]/g, '');
  const theirs = plain(name.replace(/^LINCHPIN_?/i, ''));
  const own = plain(ours);
  if (own.length >= SHORTEST_WITH_SLIPS) return isOneSlip(theirs, own);
  return theirs === own && name.toUpperCase() !== ours;
}
