/** MQTT topic filters: which topics they take, and whether two of them share a topic (MQTT 5, 4.7). */

/** null, or what is wrong with it. */
export function whyNotFilter(filter: string): string | null {
  if (filter === '' || filter.includes('\0') || Buffer.byteLength(filter) > 65_535) return 'a topic filter';
  if (filter.startsWith('$share/')) return 'a topic filter that is not a shared one';
  const levels = filter.split('/');
  const isRight = levels.every((level, i) =>
    level.includes('#') ? level === '#' && i === levels.length - 1 : !level.includes('+') || level === '+',
  );
  return isRight ? null : 'a topic filter with + for one whole level and # for all the last ones';
}

/** A wildcard in the first level takes no topic that begins with $ (4.7.2). */
export function compileFilter(filter: string): (topic: string) => boolean {
  if (!/[+#]/.test(filter)) return (topic) => topic === filter;
  const levels = filter.split('/');
  if (levels.length === 1) return (topic) => !topic.startsWith('$') && (filter === '#' || !topic.includes('/'));
  const source = levels
    .map((level, i) => {
      if (level === '#') return '(?:/.*)?';
      const own = level === '+' ? (i === 0 ? '(?!\\$)[^/]*' : '[^/]*') : level.replaceAll(/[\\^$.*?()[\]{}|]/g, '\\$&');
      return i === 0 ? own : `/${own}`;
    })
    .join('');
  const pattern = new RegExp(`^${source}$`, 's');
  return (topic) => pattern.test(topic);
}

/** Begins with a name for anything: its topics are told apart from those of a filter that names its first level. */
export function beginsOpen(filter: string): boolean {
  return filter.startsWith('+');
}

/** Whether some topic belongs to both. Of a filter that begins with + and one that does not, the latter has it. */
export function filtersOverlap(a: string, b: string): boolean {
  if (beginsOpen(a) !== beginsOpen(b) && a !== '#' && b !== '#') return false;
  const isHidden = (one: string, other: string): boolean => one.startsWith('$') && other === '#';
  return !isHidden(a, b) && !isHidden(b, a) && overlap(a.split('/'), b.split('/'));
}

/** The filter of the topics that two filters both take; null: there are none. */
export function commonFilter(a: string, b: string): string | null {
  const [one, other] = [a.split('/'), b.split('/')];
  const isHidden = (open: string, named: string): boolean => /^[+#]/.test(open) && named.startsWith('$');
  if (isHidden(a, b) || isHidden(b, a) || !overlap(one, other)) return null;
  const end = one.findIndex((level, i) => level === '#' || other[i] === '#');
  const common = (end < 0 ? one : one.slice(0, end)).map((level, i) => (level === '+' ? other[i] : level));
  if (end >= 0) common.push(...(one[end] === '#' ? other : one).slice(end));
  return common.join('/');
}

function overlap(a: readonly string[], b: readonly string[]): boolean {
  for (let i = 0; ; i += 1) {
    const [one, other] = [a[i], b[i]];
    if (one === '#' || other === '#') return true;
    // `a/#` takes `a` too.
    if (one === undefined || other === undefined) return one === other;
    if (one !== '+' && other !== '+' && one !== other) return false;
  }
}
