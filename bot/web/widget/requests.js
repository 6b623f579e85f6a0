// @ts-check
/** What is asked of the gateway in one request, which is done or fails. */

import { ask } from "./network.js";

/** @import { Help } from "./types.js" */

// A shopper who pauses for so long does not count as typing.
const TYPING_PAUSE_MS = 5000;

/**
 * @param {string} baseUrl ending in a slash
 * @param {() => string | undefined} token of the session in use
 * @param {AbortSignal} life
 */
export function createRequests(baseUrl, token, life) {
  let typing = false;
  let pause = 0;
  life.addEventListener("abort", () => clearTimeout(pause));

  /** @param {string} path */
  const url = (path) => new URL(`api/v1/${path}`, baseUrl);

  /** @type {(method: string, path: string, body?: object, signal?: AbortSignal, form?: "blob") => Promise<any>} */
  const request = (method, path, body, signal = life, form) =>
    ask(method, url(`conversation${path}`), { signal, body, token: token() }, form);

  /** Tells what is no loss if it does not arrive. @param {string} path @param {object} body */
  const mention = (path, body) => void request("POST", path, body).catch(() => {});

  /** Lets an agent see that the shopper types. @param {boolean} now */
  const type = (now) => {
    clearTimeout(pause);
    if (now) pause = setTimeout(type, TYPING_PAUSE_MS, false);
    if (now !== typing) mention("/typing", { typing: (typing = now) });
  };

  return {
    life,
    url,
    request,
    type,
    /** What a shopper asks for by pressing something. */
    wishes: {
      /** @param {string} message_id of an answer @param {boolean} helpful @returns {Promise<void>} */
      vote: (message_id, helpful) => request("POST", "/feedback", { message_id, helpful }),

      /** @param {number} stars @param {string} comment @returns {Promise<void>} */
      rate: (stars, comment) => request("POST", "/rating", { stars, comment: comment || undefined }),

      /** Closes the conversation; the stream tells when it is closed. @returns {Promise<void>} */
      end: () => request("POST", "/close"),

      /** @returns {Promise<Blob>} */
      transcript: () => request("GET", "/transcript", undefined, life, "blob"),

      /** @returns {Promise<Help>} */
      help: () => ask("GET", url("help"), { signal: life }),

      /** Notes that the shopper has seen everything up to a message. @param {number} seq */
      read: (seq) => mention("/read", { seq }),
    },
  };
}
