// @ts-check
/** What the gateway tells of one conversation: every message is passed on once. */

import { call } from "./network.js";
import { createRequests } from "./requests.js";
import { readEvents } from "./stream.js";

/** @import { Listener, Message, Session, State } from "./types.js" */

// The gateway sends a comment every 15 s; three missed ones mean that the line is dead.
const SILENCE_LIMIT_MS = 45_000;

/**
 * @param {Listener} on
 * @param {ReturnType<typeof createRequests>} requests
 * @param {(message: Message) => boolean} noted tells before a message is passed on whether it was sent from here
 * @param {() => void} connected
 */
export function createInbox(on, { url, request, life }, noted, connected) {
  /** What has come beyond `lastSeq`. @type {Set<number>} */
  const ahead = new Set();
  // Everything up to here has come; and up to there it was said before this page.
  let lastSeq = 0;
  let historySeq = 0;
  // The first that was sent from here; it and what follows is no history, however soon it was stored.
  let ownSeq = Infinity;
  let silence = 0;
  /** @type {State} */
  let state = "bot";
  life.addEventListener("abort", () => clearTimeout(silence));

  /** @param {State} next */
  const setState = (next) => on.state((state = next));

  /** @param {Message} message */
  const receive = (message) => {
    const { seq } = message;
    if (seq <= lastSeq || ahead.has(seq)) return;
    const loading = lastSeq < historySeq;
    ahead.add(seq);
    while (ahead.delete(lastSeq + 1)) lastSeq += 1;
    if (noted(message)) ownSeq = Math.min(ownSeq, seq);
    on.message(message, seq <= historySeq && seq < ownSeq);
    if (loading && lastSeq >= historySeq) on.loading(false);
  };

  /** @param {string | undefined} event @param {any} data */
  const handle = (event, data) => {
    if (event === "state") setState(data.state);
    if (event === "read") on.read(data.shopper);
    // The shopper may be typing in another tab.
    if (event === "typing" && data.sender !== "shopper") on.typing(data.typing);
    if (event !== "message") return;
    receive(data);
    // The stream is in order: a hole in it means that something was missed.
    if (data.seq > lastSeq) throw new Error();
  };

  return {
    receive,

    get state() {
      return state;
    },

    /** What follows is another conversation. */
    clear() {
      if (lastSeq < historySeq) on.loading(false);
      ahead.clear();
      lastSeq = historySeq = 0;
      ownSeq = Infinity;
      setState("bot");
    },

    /**
     * Listens until the conversation is closed; a line that breaks or falls silent is an error.
     * @param {Session} session
     * @param {AbortSignal} signal
     */
    async listen({ talked, token }, signal) {
      if (talked && !lastSeq) {
        const now = await request("GET", "", undefined, signal);
        historySeq = now.last_seq;
        on.read(now.read.shopper);
        on.loading(historySeq > 0);
      }
      const line = new AbortController();
      const hangUp = () => line.abort();
      const watch = () => {
        clearTimeout(silence);
        silence = setTimeout(hangUp, SILENCE_LIMIT_MS);
      };
      const ends = AbortSignal.any([signal, line.signal]);
      try {
        watch();
        const from = url(`conversation/events?after=${lastSeq}`);
        const response = await call("GET", from, { signal: ends, token });
        // Some networks answer everything with a page of their own.
        if (/html/.test(response.headers.get("Content-Type") ?? "")) throw new Error();
        connected();
        await readEvents(response, (event, data) => {
          ends.throwIfAborted();
          watch();
          if (data) handle(event, JSON.parse(data));
        });
      } finally {
        hangUp();
      }
      if (state !== "closed") throw new Error();
    },
  };
}
