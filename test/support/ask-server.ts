/** What tests ask of a server that runs as a process, over GraphQL. */

export interface ServerAnswers {
  readonly url: string;
  query(text: string, variables?: object): Promise<Record<string, never>>;
  setDesired(id: string, properties: object): Promise<unknown>;
  /** Asked until it is so: a message may be on its way when its sender has been told that it is taken. */
  reads(id: string, values: Record<string, unknown>, connectivity?: string): Promise<void>;
}

/** @param ready the line by which the server says that it is ready */
export function askServer(ready: string): ServerAnswers {
  const url = /graphql=(\S+)/.exec(ready)?.[1] ?? '';
  const query: ServerAnswers['query'] = async (text, variables = {}) => {
    const body = JSON.stringify({ query: text, variables });
    const answer = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
    const { data, errors } = (await answer.json()) as { data: Record<string, never>; errors?: unknown };
    if (errors !== undefined) throw new Error(JSON.stringify(errors));
    return data;
  };
  return {
    url,
    query,
    setDesired: (id, properties) =>
      query('mutation($id: ID!, $p: JSON!) { setDesired(id: $id, properties: $p) { id } }', { id, p: properties }),
    async reads(id, values, connectivity) {
      const text = 'query($id: ID!) { twin(id: $id) { connectivity properties { name value } } }';
      for (;;) {
        const { twin } = (await query(text, { id })) as unknown as {
          twin: { connectivity: string; properties: { name: string; value: unknown }[] };
        };
        const there = new Map(twin.properties.map(({ name, value }) => [name, value]));
        const isThere = Object.entries(values).every(([name, value]) => there.get(name) === value);
        if (isThere && (connectivity === undefined || twin.connectivity === connectivity)) return;
      }
    },
  };
}
