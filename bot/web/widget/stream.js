// @ts-check
/** Server-sent events, out of the body of an answer. */

/**
 * Yields the fields of one event after the other; what ends in the middle of one is left out.
 * @param {Response} response
 */
export async function* eventsOf({ body }) {
  const reader = body?.pipeThrough(new TextDecoderStream()).getReader();
  try {
    for (let rest = ""; reader;) {
      const { done, value } = await reader.read();
      if (done) return;
      const blocks = (rest + value).replaceAll("\r", "").split("\n\n");
      rest = blocks.pop() ?? "";
      for (const block of blocks)
        yield Object.fromEntries(
          Array.from(block.matchAll(/^(\w+): ?([^\n]*)/gm), ([, name, text]) => [name, text]),
        );
    }
  } finally {
    reader?.cancel().catch(() => {});
  }
}
