/** Which servers of one session live, by what each says of itself, and whose turn it is: the one that came first. */

interface Entry {
  readonly place: number;
  /** When it was last heard of, epoch milliseconds by our clock. */
  readonly heardAt: number;
}

export class LivingServers {
  readonly #entryByServer = new Map<string, Entry>();

  heard(server: string, place: number, at: number): void {
    this.#entryByServer.set(server, { place, heardAt: at });
  }

  gone(server: string): void {
    this.#entryByServer.delete(server);
  }

  /** Nothing is known, as after a lost connection. */
  clear(): void {
    this.#entryByServer.clear();
  }

  /** Leaves out those not heard of since: a broker that crashed keeps what dead servers said. */
  forgetBefore(at: number): void {
    for (const [server, { heardAt }] of this.#entryByServer) if (heardAt < at) this.#entryByServer.delete(server);
  }

  /** The last place in the row of the others; 0: there are none. */
  lastPlaceBeside(server: string): number {
    const others = [...this.#entryByServer].filter(([other]) => other !== server);
    return Math.max(0, ...others.map(([, { place }]) => place));
  }

  /** null: none lives. */
  first(): string | null {
    const row = [...this.#entryByServer].toSorted(
      ([a, one], [b, other]) => one.place - other.place || (a < b ? -1 : 1),
    );
    return row[0]?.[0] ?? null;
  }
}
