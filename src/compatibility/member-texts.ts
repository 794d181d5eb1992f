/** The tokens of JSON: strings, brackets, colons and commas, and everything else. */
const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/gs;

/**
 * Returns the texts of the members of a JSON object that are neither objects nor lists, as they were sent, by name. Of a
 * name that occurs twice the last counts.
 */
export function memberTexts(object: string): Map<string, string> {
  const texts = new Map<string, string>();
  let depth = 0;
  let before = '';
  let name: string | undefined;
  for (const [token] of object.matchAll(TOKEN)) {
    if (token === '{' || token === '[') depth += 1;
    else if (token === '}' || token === ']') depth -= 1;
    else if (depth === 1 && token === ':') name = JSON.parse(before) as string;
    else if (depth === 1 && token !== ',' && name !== undefined) {
      texts.set(name, token);
      name = undefined;
    }
    if (token === ',' && depth === 1) name = undefined;
    before = token;
  }
  return texts;
}
