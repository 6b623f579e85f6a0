// @ts-check
/**
 * One shopper's conversation with the gateway: it keeps trying until what was sent is acknowledged,
 * and passes on every message once.
 */

import { GUEST, areaOf, newId, ownerOf } from "./identity.js";
import { keep, recall } from "./memory.js";
import { ask, call, events, pause } from "./network.js";

/** @import { Identity, Listener, Message, Session, Unsent, Writing } from "./types.js" */

// The gateway sends a comment every 15 s; three missed ones mean that the line is dead.
const SILENCE_LIMIT_MS = 45_000;
const LONGEST_RETRY_MS = 30_000;

/** The shop's token was not accepted; another attempt with it would not be either. */
class IdentityRefused extends Error {}

export class Conversation {
  #baseUrl;
  #locale;
  #on;
  #life;
  /** @type {Identity} */
  #identity = null;
  #owner = GUEST;
  /** @type {Session | null} */
  #session = null;
  /** @type {Promise<void> | null} */
  #opening = null;
  /** @type {AbortController | null} */
  #run = null;
  #sending = false;
  /** @type {Writing} */
  #writing;
  /** @type {Set<number>} */
  #seen = new Set();
  // Everything up to here has arrived, without a gap.
  #lastSeq = 0;
  #lastReplySeq = 0;
  #lastEventId = "";
  #state = "bot";

  /**
   * @param {string} baseUrl ending in a slash
   * @param {string} locale
   * @param {Listener} on
   * @param {AbortSignal} life ends every request, timer and listener
   */
  constructor(baseUrl, locale, on, life) {
    this.#baseUrl = baseUrl;
    this.#locale = locale;
    this.#on = on;
    this.#life = life;
    this.#writing = this.#recallWriting("");
  }

  get draft() {
    return this.#writing.draft;
  }

  /** @param {string} draft */
  write(draft) {
    this.#keepWriting({ draft });
  }

  /** Goes on with a conversation that the shopper had begun. */
  resume() {
    if (this.#writing.items.length || this.#recallSession()?.talked) this.start();
  }

  start() {
    const running = this.#run;
    const run = (this.#run ??= new AbortController());
    const signal = AbortSignal.any([this.#life, run.signal]);
    for (const item of this.#writing.items) this.#on.unsent(item);
    if (!running) this.#follow(signal);
    this.#flush(signal);
  }

  /** @param {string} text @param {string} [choice] the id of an offered one */
  send(text, choice) {
    if (this.#state === "closed") {
      this.#halt();
      this.#renew();
    }
    const item = { client_id: newId(), text, choice, at: new Date().toISOString() };
    this.#keepWriting({ items: [...this.#writing.items, item] });
    this.start();
  }

  /** @param {Identity} identity */
  async identify(identity) {
    this.#identity = identity;
    const lazy = typeof identity === "function";
    if (lazy && !this.#run && !recall("localStorage", this.#sessionKey)?.talked) return;
    const given = lazy ? new Promise((done) => done(identity())) : Promise.resolve(identity);
    const owner = await given.then(ownerOf, () => "unknown");
    if (this.#identity !== identity) return;
    const running = this.#run;
    if (owner !== this.#owner) {
      this.#keepSession(null);
      this.#leave(owner);
    }
    if (running) this.start();
    else this.resume();
  }

  /** Forgets the shopper on this device. */
  logOut() {
    this.#keepSession(null);
    this.#keepWriting({ items: [], draft: "" });
    this.#identity = null;
    this.#leave(GUEST);
  }

  async restart() {
    const next = this.#session && this.#ask("POST", "conversation/restart", this.#life);
    this.#keepSession(null);
    this.#keepWriting({ items: [] });
    this.#leave(this.#owner);
    // Where this fails, a session is opened like the first one.
    const made = await next?.catch(() => null);
    if (made) this.#adopt(made);
    this.start();
  }

  /** @param {string} message_id @param {boolean} helpful @returns {Promise<void>} */
  vote(message_id, helpful) {
    return this.#ask("POST", "conversation/feedback", this.#life, { message_id, helpful });
  }

  /** @param {number} stars @param {string} comment @returns {Promise<void>} */
  rate(stars, comment) {
    const body = { stars, comment: comment || undefined };
    return this.#ask("POST", "conversation/rating", this.#life, body);
  }

  async end() {
    const { state } = await this.#ask("POST", "conversation/close", this.#life);
    this.#on.state((this.#state = state));
  }

  /** @returns {Promise<Blob>} */
  async transcript() {
    const url = new URL("api/v1/conversation/transcript", this.#baseUrl);
    return (await call("GET", url, { signal: this.#life, token: this.#session?.token })).blob();
  }

  /** @returns {Promise<import("./types.js").Help>} */
  help() {
    return this.#ask("GET", "help", this.#life);
  }

  /** @param {number} seq */
  read(seq) {
    this.#ask("POST", "conversation/read", this.#life, { seq }).catch(() => {});
  }

  get #sessionKey() {
    return `shop-chat ${this.#baseUrl}`;
  }

  /** @param {Session | null} session */
  #keepSession(session) {
    this.#session = session;
    keep(areaOf(this.#owner), this.#sessionKey, session);
  }

  /** @returns {Session | null} */
  #recallSession() {
    const session = recall(areaOf(this.#owner), this.#sessionKey);
    const usable = session?.owner === this.#owner && Date.parse(session.expires_at) > Date.now();
    return usable ? session : null;
  }

  /** @param {Partial<Writing>} change */
  #keepWriting(change) {
    this.#writing = { ...this.#writing, ...change };
    keep("sessionStorage", `${this.#sessionKey} unsent`, this.#writing);
  }

  /** @param {string} draft where none is stored @returns {Writing} */
  #recallWriting(draft) {
    const stored = recall("sessionStorage", `${this.#sessionKey} unsent`);
    return stored?.owner === this.#owner ? stored : { owner: this.#owner, items: [], draft };
  }

  /** @param {string | null | undefined} clientId */
  #acknowledge(clientId) {
    const items = this.#writing.items.filter((item) => item.client_id !== clientId);
    if (items.length < this.#writing.items.length) this.#keepWriting({ items });
  }

  /** @param {string} next whose conversation follows */
  #leave(next) {
    this.#halt();
    // A guest who signs in while writing keeps the text.
    const draft = this.#owner === GUEST ? this.draft : "";
    this.#opening = this.#session = null;
    this.#owner = next;
    this.#writing = this.#recallWriting(draft);
    this.#beginAgain();
    this.#on.reset(this.draft);
  }

  #halt() {
    this.#run?.abort();
    this.#run = null;
    this.#sending = false;
  }

  #beginAgain() {
    this.#seen.clear();
    this.#lastEventId = "";
    this.#lastSeq = this.#lastReplySeq = 0;
    this.#on.state((this.#state = "bot"));
  }

  /** @type {(method: string, path: string, signal: AbortSignal, body?: object) => Promise<any>} */
  #ask(method, path, signal, body) {
    const url = new URL(`api/v1/${path}`, this.#baseUrl);
    return ask(method, url, { signal, body, token: this.#session?.token });
  }

  /** @param {AbortSignal} signal */
  async #ensureSession(signal) {
    if (this.#session) return;
    const opening = (this.#opening ??= this.#openSession(signal));
    await opening.finally(() => this.#opening === opening && (this.#opening = null));
  }

  /** @param {AbortSignal} signal */
  async #openSession(signal) {
    const identity = this.#identity;
    const time_zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    for (let attempts = typeof identity === "function" ? 2 : 1; !this.#session; attempts -= 1) {
      const proof = typeof identity === "function" ? await identity() : identity;
      signal.throwIfAborted();
      this.#owner = ownerOf(proof);
      this.#keepWriting({ owner: this.#owner });
      this.#session = this.#recallSession();
      if (this.#session) break;
      const body = { identity: proof ?? undefined, locale: this.#locale, time_zone };
      const made = await this.#ask("POST", "sessions", signal, body).catch((error) => {
        if (error.status !== 401) throw error;
        if (attempts === 1) throw new IdentityRefused();
      });
      if (made) return this.#adopt(made);
    }
    this.#on.customer(this.#session.name);
  }

  /** @param {Session & { customer: { name: string | null } | null }} made by the gateway */
  #adopt({ token, expires_at, customer }) {
    const name = customer?.name ?? null;
    this.#keepSession({ owner: this.#owner, token, expires_at, name, talked: false });
    this.#on.customer(name);
  }

  /**
   * Decides what a failure means for the session, and waits before the next attempt.
   * @param {any} error
   * @param {number} failures in a row
   * @param {AbortSignal} signal
   */
  async #recover(error, failures, signal) {
    if (error instanceof IdentityRefused) {
      this.#halt();
      return this.#on.notice("refused");
    }
    const waitMs = error?.waitMs ?? 0;
    if (error?.status === 401 && this.#session) this.#renew();
    else if (error?.status === 429) this.#on.notice("busy", Math.ceil(waitMs / 1000) || 1);
    else if (!navigator.onLine) this.#on.notice("offline");
    else if (failures > 1) this.#on.notice("reconnecting");
    // The gateway's wish stands; our own patience ends when the network is back.
    if (waitMs) return pause(waitMs, signal);
    const backOffMs = Math.min(LONGEST_RETRY_MS, 250 * 2 ** failures);
    return pause(backOffMs * (0.5 + Math.random() / 2), signal, true);
  }

  /** The token is no longer good; choices are good in their own conversation only. */
  #renew() {
    this.#keepSession(null);
    this.#beginAgain();
    this.#on.renewed();
    for (const item of this.#writing.items) {
      if (item.choice) this.#giveUp(item, 401);
      else this.#on.unsent(item);
    }
  }

  /** @param {Unsent} item @param {number} status */
  #giveUp(item, status) {
    this.#acknowledge(item.client_id);
    this.#on.failed(item, status);
  }

  /** @param {Message} message @param {boolean} [history] */
  #receive(message, history = false) {
    if (this.#seen.has(message.seq)) return;
    this.#seen.add(message.seq);
    while (this.#seen.has(this.#lastSeq + 1)) this.#lastSeq += 1;
    if (message.sender !== "shopper") this.#lastReplySeq = message.seq;
    else if (this.#session?.talked === false) this.#keepSession({ ...this.#session, talked: true });
    this.#acknowledge(message.client_id);
    this.#on.message(message, history);
  }

  /** @param {AbortSignal} signal */
  async #catchUp(signal) {
    const history = this.#lastSeq === 0;
    if (history) this.#on.loading(true);
    try {
      for (let more = true; more;) {
        const before = this.#lastSeq;
        const page = await this.#ask("GET", `conversation/messages?after=${before}`, signal);
        for (const message of page.messages) this.#receive(message, history);
        more = this.#lastSeq > before && this.#lastSeq < page.last_seq;
      }
    } finally {
      if (history) this.#on.loading(false);
    }
  }

  /** @param {string} event @param {any} data @param {AbortSignal} signal */
  #handle(event, data, signal) {
    if (event === "typing" && data.sender !== "shopper") this.#on.typing(data.typing);
    if (event === "read") this.#on.read(data.shopper);
    if (event === "state") this.#on.state((this.#state = data.state));
    if (event !== "message") return;
    this.#receive(data);
    // The stream is in order: a hole in it means that something was missed.
    if (data.seq > this.#lastSeq) this.#catchUp(signal).catch(() => {});
  }

  /** @param {AbortSignal} signal @param {() => void} connected */
  async #listen(signal, connected) {
    await this.#ensureSession(signal);
    if (!this.#lastSeq && this.#session?.talked) await this.#catchUp(signal);
    const url = new URL(`api/v1/conversation/events?after=${this.#lastSeq}`, this.#baseUrl);
    const headers = this.#lastEventId ? { "Last-Event-ID": this.#lastEventId } : undefined;
    const response = await call("GET", url, { signal, headers, token: this.#session?.token });
    connected();
    for await (const text of events(response, SILENCE_LIMIT_MS)) {
      const { event, data, id } = Object.fromEntries(
        text.split(/\r?\n/).map((line) => [line.split(":", 1)[0], line.replace(/^\w+: ?/, "")]),
      );
      if (data) this.#handle(event, JSON.parse(data), signal);
      this.#lastEventId = id ?? this.#lastEventId;
    }
  }

  /**
   * Listens as long as the page can be seen: a browser opens six connections to a host over
   * HTTP/1.1 for all its tabs together.
   * @param {AbortSignal} signal
   */
  async #follow(signal) {
    let failures = 0;
    const connected = () => {
      failures = 0;
      this.#on.notice("");
    };
    while (!signal.aborted) {
      const line = new AbortController();
      const hangUp = () => line.abort();
      const options = { signal: line.signal };
      signal.addEventListener("abort", hangUp, options);
      addEventListener("offline", hangUp, options);
      document.addEventListener("visibilitychange", hangUp, options);
      const listening = document.hidden
        ? pause(Infinity, signal, true)
        : this.#listen(line.signal, connected);
      const error = await listening.catch((reason) => reason);
      hangUp();
      if (this.#state === "closed" && !error) this.#halt();
      else if (!signal.aborted && !document.hidden) await this.#recover(error, ++failures, signal);
    }
  }

  /** @param {AbortSignal} signal */
  async #flush(signal) {
    if (this.#sending) return;
    this.#sending = true;
    for (let failures = 0; this.#writing.items.length && !signal.aborted;) {
      const [item] = this.#writing.items;
      const error = await this.#deliver(item, signal).catch((reason) => reason ?? true);
      if (signal.aborted) return;
      const final = /^4(?!01|08|25|29)/.test(error?.status);
      if (final) this.#giveUp(item, error.status);
      if (final || !error) failures = 0;
      else await this.#recover(error, ++failures, signal);
    }
    this.#sending = false;
  }

  /** @param {Unsent} item @param {AbortSignal} signal */
  async #deliver({ client_id, text, choice }, signal) {
    await this.#ensureSession(signal);
    const body = choice ? { client_id, choice } : { client_id, text };
    const { message } = await this.#ask("POST", "conversation/messages", signal, body);
    this.#receive({ ...message, client_id });
    this.#acknowledge(client_id);
    this.#on.notice("");
    if (this.#state === "bot" && this.#lastReplySeq < message.seq) this.#on.typing(true);
  }
}
