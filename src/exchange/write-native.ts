/** Writes the native format: one item a line. */
import type { ExportItem } from '../application/export-items.ts';

/** The text, a piece for each page. */
export async function* writeNative(pages: AsyncIterable<readonly ExportItem[]>): AsyncGenerator<string> {
  for await (const page of pages) yield page.map((item) => `${JSON.stringify(item)}\n`).join('');
}
