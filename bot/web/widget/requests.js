// @ts-check
/** What is asked of the gateway in one request, which is done or fails. */

import { ask } from "./network.js";
import { SessionHolder } from "./session.js";

/** @import { Help } from "./types.js" */

// A shopper who pauses for so long does not count as typing; one who goes on is told of again.
const TYPING_PAUSE_MS = 5000;

export class Requests extends SessionHolder {
  #typingToldAt = 0;
  /** @protected */
  typingTimer = 0;

  /** @param {string} id of an answer @param {boolean} helpful @returns {Promise<void>} */
  vote(id, helpful) {
    return this.ask("POST", "feedback", { message_id: id, helpful });
  }

  /** @param {number} stars @param {string} comment @returns {Promise<void>} */
  rate(stars, comment) {
    return this.ask("POST", "rating", { stars, comment: comment || undefined });
  }

  /** Closes the conversation; the stream tells when it is closed. @returns {Promise<void>} */
  end() {
    return this.ask("POST", "close");
  }

  /** @returns {Promise<Blob>} */
  transcript() {
    return this.ask("GET", "transcript", undefined, this.life, "blob");
  }

  /** @returns {Promise<Help>} */
  help() {
    return ask("GET", this.url("help"), { signal: this.life });
  }

  /** Notes that the shopper has seen everything up to a message. @param {number} seq */
  read(seq) {
    this.#mention("read", { seq });
  }

  /**
   * About the conversation.
   * @protected
   * @type {(method: string, path: string, body?: object, signal?: AbortSignal, form?: "blob") => Promise<any>}
   */
  ask(method, path, body, signal = this.life, form) {
    const token = this.session?.token;
    return ask(method, this.url(`conversation/${path}`), { signal, body, token }, form);
  }

  /** Lets an agent see that the shopper types. @protected @param {boolean} typing */
  type(typing) {
    clearTimeout(this.typingTimer);
    if (typing) this.typingTimer = setTimeout(() => this.type(false), TYPING_PAUSE_MS);
    const now = typing ? Date.now() : 0;
    if (typing ? now - this.#typingToldAt < TYPING_PAUSE_MS : !this.#typingToldAt) return;
    this.#typingToldAt = now;
    this.#mention("typing", { typing });
  }

  /** Tells what is no loss if it does not arrive. @param {string} path @param {object} body */
  #mention(path, body) {
    this.ask("POST", path, body).catch(() => {});
  }
}
