/** Text in columns, for people. */

/** Widest cell: one long name must not push the other columns off the screen. */
const WIDEST = 40;

/** The heads, and below them the rows, each column as wide as its widest cell; the last one may be as long as it is. */
export function toTable(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const cells = [heads, ...rows].map((row) =>
    row.map((cell, column) => (column === heads.length - 1 ? cell : shorten(cell))),
  );
  const widths = heads.map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
  const lines = cells.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  return `${lines.join('\n')}\n`;
}

function shorten(cell: string): string {
  return cell.length > WIDEST ? `${cell.slice(0, WIDEST - 1)}…` : cell;
}
