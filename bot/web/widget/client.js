// @ts-check
/**
 * One shopper's conversation with the gateway: it keeps trying until what was sent is acknowledged,
 * and passes on every message once.
 */

import { GUEST, newId, ownerOf } from "./identity.js";
import { keep, recall } from "./memory.js";
import { call, pause } from "./network.js";
import { Requests } from "./requests.js";
import { readEvents } from "./stream.js";

/** @import { Identity, Listener, Message, Session, State, Unsent, Writing } from "./types.js" */

// The gateway sends a comment every 15 s; three missed ones mean that the line is dead.
const SILENCE_LIMIT_MS = 45_000;
const LONGEST_RETRY_MS = 30_000;
const FOR_EVER_MS = 1e9;

export class Conversation extends Requests {
  #on;
  /** Ends all that goes on with one session. @type {AbortController | null} */
  #run = null;
  /** Ends waiting and listening, so that both begin again. */
  #line = new AbortController();
  #failures = 0;
  #sending = false;
  /** @type {Writing} */
  #writing;
  /** Whose conversation is on the screen. @type {Session | null} */
  #shown = null;
  /** What has arrived beyond `#lastSeq`. @type {Set<number>} */
  #ahead = new Set();
  // Everything up to here has arrived.
  #lastSeq = 0;
  // Everything up to here was said before this page.
  #historySeq = 0;
  #lastEventId = "";
  /** @type {State} */
  #state = "bot";
  #silence = 0;

  /**
   * @param {string} baseUrl ending in a slash
   * @param {string} locale
   * @param {Listener} on
   * @param {AbortSignal} life ends every request, timer and listener
   */
  constructor(baseUrl, locale, on, life) {
    super(baseUrl, locale, life);
    this.#on = on;
    this.#writing = this.#recallWriting();
    life.addEventListener("abort", () => {
      clearTimeout(this.#silence);
      clearTimeout(this.typingTimer);
    });
    for (const change of ["online", "offline", "visibilitychange"])
      addEventListener(change, () => this.#wake(), { signal: life });
  }

  get draft() {
    return this.#writing.draft;
  }

  /** @param {string} draft */
  write(draft) {
    this.#keepWriting({ draft });
    if (this.#state === "agent") this.type(draft !== "");
  }

  /** Goes on with a conversation that the shopper had begun. */
  resume() {
    const session = this.find();
    if (session?.talked) this.#use(session);
    else if (this.#writing.items.length) this.start();
    this.greet();
  }

  start() {
    const running = this.#run;
    const run = (this.#run ??= new AbortController());
    const signal = AbortSignal.any([this.life, run.signal]);
    for (const item of this.#writing.items) this.#on.unsent(item);
    if (!running) this.#follow(signal);
    if (this.session) this.#flush(signal);
  }

  /** @param {string} text @param {string} [choice] the id of an offered one */
  send(text, choice) {
    if (this.#state === "closed") this.#drop(true);
    const item = { client_id: newId(), text, choice, at: new Date().toISOString() };
    this.#keepWriting({ items: [...this.#writing.items, item] });
    this.start();
  }

  /** @param {Identity} identity */
  async identify(identity) {
    this.identity = identity;
    const lazy = typeof identity === "function";
    if (lazy && !this.#run && !this.owner && !this.mayGoOn) {
      this.owner = null;
      return;
    }
    // Where it cannot be said now, it is asked for again with the next session.
    const owner = await this.prove().then(ownerOf, () => this.owner);
    if (this.identity !== identity) return;
    const running = this.#run;
    if (owner !== this.owner) {
      this.#halt();
      this.#become(owner);
    }
    if (running) this.start();
    else this.resume();
  }

  /** Forgets the shopper on this device. */
  logOut() {
    this.forget();
    this.#keepWriting({ items: [], draft: "" });
    this.#leave();
  }

  async restart() {
    this.#drop(true);
    this.#keepWriting({ items: [] });
    this.#clear();
    this.start();
  }

  get #unsentKey() {
    return `${this.key} unsent ${this.owner ?? GUEST}`;
  }

  /** @param {Partial<Writing>} change */
  #keepWriting(change) {
    this.#writing = { ...this.#writing, ...change };
    keep("sessionStorage", this.#unsentKey, this.#writing);
  }

  /** @returns {Writing} */
  #recallWriting() {
    const { items, draft } = Object(recall("sessionStorage", this.#unsentKey));
    return {
      items: [items].flat().filter((item) => typeof item?.text === "string"),
      draft: typeof draft === "string" ? draft : "",
    };
  }

  /** @param {string | null | undefined} clientId */
  #acknowledge(clientId) {
    const items = this.#writing.items.filter((item) => item.client_id !== clientId);
    if (items.length < this.#writing.items.length) this.#keepWriting({ items });
  }

  /**
   * Turns to another shopper. What a guest said and wrote goes along with a sign-in; nothing of a
   * customer's ever does.
   * @param {string | null} owner
   */
  #become(owner) {
    const before = this.owner;
    if (owner === before) return;
    const goesOn = !before && this.find(GUEST)?.talked;
    const written = this.#writing;
    if (before) this.forget();
    keep("sessionStorage", this.#unsentKey, null);
    this.turnTo(owner);
    const kept = (this.#writing = this.#recallWriting());
    if (!before)
      this.#keepWriting({
        items: [...kept.items, ...written.items],
        draft: written.draft || kept.draft,
      });
    if (before || this.draft !== written.draft || (this.#shown && !goesOn)) this.#clear();
    this.greet();
  }

  /** @param {Session} session */
  #use(session) {
    const shown = this.#shown;
    if (session.token === this.session?.token && this.#run) return;
    const running = this.#run;
    this.#halt();
    this.session = this.#shown = session;
    if (shown && shown.conversation_id !== session.conversation_id) {
      this.#beginAgain();
      if (shown.owner === session.owner) this.#on.renewed();
      else this.#on.reset(this.draft);
    }
    this.#on.customer(session.name);
    if (running || session.talked || this.#writing.items.length) this.start();
  }

  /** @param {boolean} closed whether the conversation is over, and not only the session */
  #drop(closed) {
    this.#halt();
    this.drop(closed);
  }

  /** The shopper is not here any more, as this or another tab says. */
  #leave() {
    if (this.owner) keep("sessionStorage", this.#unsentKey, null);
    this.identity = null;
    this.#reload(GUEST);
  }

  /** Begins like a page that was just loaded. @param {string | null} owner */
  #reload(owner) {
    this.#halt();
    this.turnTo(owner);
    this.#writing = this.#recallWriting();
    this.#clear();
    this.resume();
  }

  #hangUp() {
    this.#line.abort();
    this.#line = new AbortController();
  }

  #watchSilence() {
    clearTimeout(this.#silence);
    this.#silence = setTimeout(() => this.#hangUp(), SILENCE_LIMIT_MS);
  }

  /** The page may have been out of sight, or out of use, while somebody else was here. */
  #wake() {
    this.#hangUp();
    if (!this.session || document.hidden) return;
    const draft = this.draft;
    this.#writing = this.#recallWriting();
    if (!this.kept) this.#leave();
    else if (this.kept.token !== this.session.token || this.draft !== draft)
      this.#reload(this.owner);
    else if (this.#run) this.start();
  }

  #clear() {
    this.#shown = null;
    this.#beginAgain();
    this.#on.reset(this.draft);
  }

  #halt() {
    this.#run?.abort();
    this.#run = null;
    this.#sending = false;
  }

  #beginAgain() {
    if (this.#lastSeq < this.#historySeq) this.#on.loading(false);
    this.#ahead.clear();
    this.#lastEventId = "";
    this.#lastSeq = this.#historySeq = 0;
    this.#on.state((this.#state = "bot"));
  }

  /**
   * Decides what a failure means for the session, and waits before the next attempt.
   * @param {any} failure
   * @param {AbortSignal} signal
   */
  async #recover({ status, waitMs }, signal) {
    this.#failures += 1;
    if (status === 429) this.#on.notice("busy", Math.ceil(waitMs / 1000) || 1);
    else if (!navigator.onLine) this.#on.notice("offline");
    else if (this.#failures > 2) this.#on.notice("reconnecting");
    const backOffMs = Math.min(LONGEST_RETRY_MS, 150 * 2 ** this.#failures);
    // The gateway's wish stands; our own patience ends when the network is back.
    if (waitMs) await pause(waitMs, signal);
    else
      await pause(
        backOffMs * (0.5 + Math.random() / 2),
        AbortSignal.any([signal, this.#line.signal]),
      );
    if (signal.aborted || (status !== 401 && status !== 409)) return;
    this.#drop(status === 409);
    this.start();
  }

  /** @param {Message} message */
  #receive(message) {
    const { seq, sender } = message;
    const loading = this.#lastSeq < this.#historySeq;
    if (seq <= this.#lastSeq || this.#ahead.has(seq)) return;
    this.#ahead.add(seq);
    while (this.#ahead.delete(this.#lastSeq + 1)) this.#lastSeq += 1;
    if (sender === "shopper" && this.session?.talked === false)
      this.share((this.session = { ...this.session, talked: true }));
    this.#acknowledge(message.client_id);
    this.#on.message(message, seq <= this.#historySeq);
    if (loading && this.#lastSeq >= this.#historySeq) this.#on.loading(false);
  }

  /** @param {string} event @param {any} data */
  #handle(event, data) {
    if (event === "state") this.#on.state((this.#state = data.state));
    if (event === "read") this.#on.read(data.shopper);
    // The shopper may be typing in another tab.
    if (event === "typing" && data.sender !== "shopper") this.#on.typing(data.typing);
    if (event !== "message") return;
    this.#receive(data);
    if (data.seq <= this.#lastSeq) return;
    // The stream is in order: a hole in it means that something was missed.
    this.#lastEventId = "";
    throw new Error();
  }

  /** @param {AbortSignal} signal */
  async #listen(signal) {
    if (this.session?.talked && !this.#lastSeq) {
      const now = await this.ask("GET", "", undefined, signal);
      this.#historySeq = now.last_seq;
      this.#on.read(now.read.shopper);
      this.#on.loading(now.last_seq > 0);
    }
    const url = this.url(`conversation/events?after=${this.#lastSeq}`);
    const headers = this.#lastEventId ? { "Last-Event-ID": this.#lastEventId } : undefined;
    this.#watchSilence();
    const response = await call("GET", url, { signal, headers, token: this.session?.token });
    // Some networks answer everything with a page of their own.
    if (/html/.test(response.headers.get("Content-Type") ?? "")) throw new Error();
    this.#succeed();
    await readEvents(response, ({ event, data, id }) => {
      signal.throwIfAborted();
      this.#watchSilence();
      if (data) this.#handle(event, JSON.parse(data));
      this.#lastEventId = id ?? this.#lastEventId;
    });
    if (this.#state !== "closed") throw new Error();
    this.#halt();
  }

  #succeed() {
    this.#failures = 0;
    this.#on.notice("");
  }

  /** @param {AbortSignal} signal */
  async #open(signal) {
    const proof = await this.prove();
    signal.throwIfAborted();
    this.#become(ownerOf(proof));
    this.#use(await this.open(proof, signal));
  }

  /** Has a session, and listens as long as the page can be seen. @param {AbortSignal} signal */
  async #follow(signal) {
    while (!signal.aborted) {
      const line = AbortSignal.any([signal, this.#line.signal]);
      const { session, identity } = this;
      const step = !session
        ? this.#open(signal)
        : document.hidden
          ? pause(FOR_EVER_MS, line)
          : this.#listen(line);
      const error = await step.catch(Object);
      if (!error || line.aborted) continue;
      // So that nothing is left open where an event could not be read.
      if (session) this.#hangUp();
      // A function may have given a token that was about to run out.
      if (!session && error.status === 401 && (this.#failures || typeof identity !== "function")) {
        this.#halt();
        this.#on.notice("refused");
      } else await this.#recover(error, signal);
    }
  }

  /** @param {AbortSignal} signal */
  async #flush(signal) {
    if (this.#sending) return;
    this.#sending = true;
    while (this.#writing.items.length) {
      const [item] = this.#writing.items;
      const error = await this.#deliver(item, signal).catch(Object);
      if (signal.aborted) return;
      if (/^4(?!01|08|09|25|29)/.test(error?.status) || (error?.status === 409 && item.choice)) {
        this.#acknowledge(item.client_id);
        this.#on.failed(item, error.status);
      } else if (error) await this.#recover(error, signal);
      if (signal.aborted) return;
    }
    this.#sending = false;
  }

  /** @param {Unsent} item @param {AbortSignal} signal */
  async #deliver({ client_id, text, choice }, signal) {
    const body = choice ? { client_id, choice } : { client_id, text };
    const { message } = await this.ask("POST", "messages", body, signal);
    signal.throwIfAborted();
    this.#receive(message);
    this.#acknowledge(client_id);
    this.#succeed();
  }
}
