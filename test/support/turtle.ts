/** Enough of Turtle to read the building models of the test data: prefixes, IRIs, lists of objects and predicates, literals. */
export interface Triple {
  readonly subject: string;
  readonly predicate: string;
  readonly object: string;
}

const RDF_TYPE = 'http://www.w3.org/1999/02/22-rdf-syntax-ns#type';
const TOKEN = /@prefix|<[^>]*>|"(?:[^"\\]|\\.)*"(?:\^\^\S+|@[\w-]+)?|[;,.](?=\s|$)|#[^\n]*|[^\s;,]+(?<![.])/g;

export function readTurtle(text: string): Triple[] {
  const tokens = (text.match(TOKEN) ?? []).filter((token) => !token.startsWith('#'));
  const prefixes = new Map<string, string>();
  const iri = (token: string): string => {
    if (token === 'a') return RDF_TYPE;
    if (token.startsWith('<')) return token.slice(1, -1);
    const colon = token.indexOf(':');
    return token.startsWith('"') || colon < 0
      ? token
      : (prefixes.get(token.slice(0, colon)) ?? '') + token.slice(colon + 1);
  };
  const triples: Triple[] = [];
  let subject = '';
  let predicate = '';
  for (let at = 0; at < tokens.length; at += 1) {
    const token = tokens[at] as string;
    if (token === '@prefix') {
      prefixes.set((tokens[at + 1] as string).slice(0, -1), (tokens[at + 2] as string).slice(1, -1));
      at += 3;
    } else if (token === '.') [subject, predicate] = ['', ''];
    else if (token === ';') predicate = '';
    else if (token !== ',') {
      if (subject === '') subject = iri(token);
      else if (predicate === '') predicate = iri(token);
      else triples.push({ subject, predicate, object: iri(token) });
    }
  }
  return triples;
}
