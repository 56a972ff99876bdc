/** A text in quotes, which is left alone, or a number outside of one. */
const TOKEN = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d[\d.eE+-]*/g

/**
 * Parses JSON and gives each number as its text, because a number of JavaScript does not keep the digits that came: 0.10 and 0.1 become
 * one, and 0.30000000000000001 becomes 0.3. A reviver sees the text only from Node 22 on.
 * @throws SyntaxError when the text is no JSON
 */
export function parseExact(text: string): unknown {
  // What is no JSON must not become JSON by the quotes below: 01 is no number.
  JSON.parse(text)
  return JSON.parse(text.replace(TOKEN, (token) => (token.startsWith('"') ? token : `"${token}"`)))
}
