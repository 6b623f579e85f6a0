// @ts-check
/** Server-sent events, out of the body of an answer. */

/**
 * Hands over one event after the other, until the answer ends; half an event is none.
 * @param {Response} response
 * @param {(event?: string, data?: string) => void} handle
 */
export async function readEvents({ body }, handle) {
  const reader = body?.pipeThrough(new TextDecoderStream()).getReader();
  for (let rest = ""; reader;) {
    const { done, value } = await reader.read();
    if (done) return;
    const blocks = (rest + value).split(/\r?\n\r?\n/);
    rest = blocks.pop() ?? "";
    for (const block of blocks)
      handle(/^event: ?(.*)/m.exec(block)?.[1], /^data: ?([^\n]*)/m.exec(block)?.[1]);
  }
}
