// @ts-check
/** What is asked of the gateway in one request, and told or failed with its answer. */

import { ask } from "./network.js";
import { Sessions } from "./session.js";

/** @import { Help } from "./types.js" */

// A shopper who pauses for so long does not count as typing; one who goes on is told of again.
const TYPING_PAUSE_MS = 5000;

export class Requests {
  #baseUrl;
  #typingToldAt = 0;
  #typingTimer = 0;
  /** @protected */
  life;
  /** @protected */
  sessions;

  /**
   * @param {string} baseUrl ending in a slash
   * @param {Sessions} sessions
   * @param {AbortSignal} life ends every request and timer
   */
  constructor(baseUrl, sessions, life) {
    this.#baseUrl = baseUrl;
    this.sessions = sessions;
    this.life = life;
    life.addEventListener("abort", () => clearTimeout(this.#typingTimer));
  }

  /** @param {string} id of an answer @param {boolean} helpful @returns {Promise<void>} */
  vote(id, helpful) {
    return this.ask("POST", "conversation/feedback", { message_id: id, helpful });
  }

  /** @param {number} stars @param {string} comment @returns {Promise<void>} */
  rate(stars, comment) {
    return this.ask("POST", "conversation/rating", { stars, comment: comment || undefined });
  }

  /** Closes the conversation; the stream tells when it is closed. @returns {Promise<void>} */
  end() {
    return this.ask("POST", "conversation/close");
  }

  /** @returns {Promise<Blob>} */
  transcript() {
    return this.ask("GET", "conversation/transcript", undefined, this.life, "blob");
  }

  /** @returns {Promise<Help>} */
  help() {
    return ask("GET", this.url("help"), { signal: this.life });
  }

  /** @protected @param {string} path */
  url(path) {
    return new URL(`api/v1/${path}`, this.#baseUrl);
  }

  /**
   * @protected
   * @type {(method: string, path: string, body?: object, signal?: AbortSignal, form?: "blob") => Promise<any>}
   */
  ask(method, path, body, signal = this.life, form) {
    const token = this.sessions.current?.token;
    return ask(method, this.url(path), { signal, body, token }, form);
  }

  /** Tells what is no loss if it does not arrive. @protected @param {string} path @param {object} body */
  mention(path, body) {
    this.ask("POST", `conversation/${path}`, body).catch(() => {});
  }

  /** Lets an agent see that the shopper types. @protected @param {boolean} typing */
  type(typing) {
    clearTimeout(this.#typingTimer);
    if (typing) this.#typingTimer = setTimeout(() => this.type(false), TYPING_PAUSE_MS);
    const now = typing ? Date.now() : 0;
    if (typing ? now - this.#typingToldAt < TYPING_PAUSE_MS : !this.#typingToldAt) return;
    this.#typingToldAt = now;
    this.mention("typing", { typing });
  }
}
