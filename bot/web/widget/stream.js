// @ts-check
/** Server-sent events, out of the body of an answer. */

/**
 * Hands over the fields of one event after the other, until the answer ends; half an event is none.
 * @param {Response} response
 * @param {(fields: Record<string, string>) => void} handle
 */
export async function readEvents({ body }, handle) {
  const reader = body?.pipeThrough(new TextDecoderStream()).getReader();
  for (let rest = ""; reader;) {
    const { done, value } = await reader.read();
    if (done) return;
    const blocks = (rest + value).replaceAll("\r", "").split("\n\n");
    rest = blocks.pop() ?? "";
    for (const block of blocks) {
      const fields = block.matchAll(/^(\w+): ?([^\n]*)/gm);
      handle(Object.fromEntries(Array.from(fields, ([, name, text]) => [name, text])));
    }
  }
}
