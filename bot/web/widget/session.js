// @ts-check
/** The shopper's session: found on this device, handed over by another tab, or opened. */

import { GUEST, areaOf } from "./identity.js";
import { keep, recall } from "./memory.js";
import { ask } from "./network.js";
import { openChannel } from "./tabs.js";

/** @import { Identity, Session } from "./types.js" */

export class SessionHolder {
  #baseUrl;
  #locale;
  #tell;
  /** A token that this page does not use any more. @type {string | undefined} */
  #spent;
  /** One of a closed conversation: good for the next one. @type {string | undefined} */
  #closed;
  /** @protected */
  life;
  /** What things are kept under. @protected */
  key;
  /** @protected @type {Identity} */
  identity = null;
  /** Whose session it is; null while nobody has said. @protected @type {string | null} */
  owner = GUEST;
  /** The one in use. @protected @type {Session | null} */
  session = null;

  /**
   * @param {string} baseUrl ending in a slash
   * @param {string} locale
   * @param {AbortSignal} life ends every request, timer and listener
   */
  constructor(baseUrl, locale, life) {
    this.#baseUrl = baseUrl;
    this.#locale = locale;
    this.life = life;
    this.key = `shop-chat ${baseUrl}`;
    this.#tell = openChannel(this.key, (told) => this.#hear(told), life);
  }

  /** Another tab has another session now, or none. @protected @param {Session | null} _session */
  moved(_session) {}

  /** @protected @param {string} path */
  url(path) {
    return new URL(`api/v1/${path}`, this.#baseUrl);
  }

  /** What the device holds for this shopper, good or not. @protected @returns {Session | null} */
  get kept() {
    const session = recall(areaOf(this.owner), this.key);
    return session?.owner === this.owner ? session : null;
  }

  /** Whether a customer, who may be this shopper, has talked on this device. @protected */
  get mayGoOn() {
    return recall("localStorage", this.key)?.talked;
  }

  /** Finds a session that may be good. @protected @param {string | null} [owner] @returns {Session | null} */
  find(owner = this.owner) {
    const session = recall(areaOf(owner), this.key);
    return this.#isGood(session, owner) ? session : null;
  }

  /** Asks the other tabs what they have. @protected */
  greet() {
    this.#tell({ hello: true });
  }

  /** Keeps a session for later pages and other tabs. @protected @param {Session} session */
  share(session) {
    keep(areaOf(this.owner), this.key, session);
    this.#tell({ owner: this.owner, session, was: this.#spent });
  }

  /** Uses the session no more. @protected @param {boolean} [closed] its conversation is over */
  drop(closed) {
    if (!this.session) return;
    this.#spent = this.session.token;
    this.turnTo(this.owner);
    if (closed) this.#closed = this.#spent;
    // Unless another tab has kept a new one since.
    if (!this.find()) keep(areaOf(this.owner), this.key, null);
  }

  /** @protected @param {string | null} owner */
  turnTo(owner) {
    this.owner = owner;
    this.session = null;
    this.#closed = undefined;
  }

  /** Forgets the shopper on this device, in all tabs. @protected */
  forget() {
    this.#tell({ owner: this.owner ?? recall("localStorage", this.key)?.owner });
    keep("localStorage", this.key, null);
    keep("sessionStorage", this.key, null);
  }

  /** What the shop says about the shopper. @protected */
  async prove() {
    return typeof this.identity === "function" ? this.identity() : this.identity;
  }

  /**
   * Gives a session of whom the shop has named. A guest's conversation goes on in it.
   * @protected
   * @param {string | null} identity
   * @param {AbortSignal} signal
   * @returns {Promise<Session>}
   */
  async open(identity, signal) {
    const guest = identity ? this.find(GUEST) : null;
    const kept = this.find();
    const goesOn = guest?.talked && guest.conversation_id !== kept?.conversation_id;
    /** @type {Session | null} */
    let session = kept;
    if (goesOn || !session) {
      session = await this.#make(identity, goesOn ? guest.token : this.#closed, signal);
      session.talked = session.conversation_id === guest?.conversation_id;
      this.#spent = kept?.token ?? this.#spent;
      this.share(session);
    }
    if (guest) {
      keep("sessionStorage", this.key, null);
      this.#tell({ owner: GUEST });
    }
    return session;
  }

  /**
   * @param {string | null} identity
   * @param {string | undefined} before the token of the session before
   * @param {AbortSignal} signal
   * @returns {Promise<Session>}
   */
  async #make(identity, before, signal) {
    const time_zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    const body = { identity: identity ?? undefined, locale: this.#locale, time_zone };
    /** @param {string} path @param {string} [token] */
    const post = (path, token) => ask("POST", this.url(path), { signal, body, token });
    const path = before && before === this.#closed ? "conversation/restart" : "sessions";
    const made = await post(path, before).catch((error) => {
      // The session before may not be good any more.
      if (!before || error.status !== 401) throw error;
      return post("sessions");
    });
    signal.throwIfAborted();
    const { token, expires_at, conversation_id, customer } = made;
    const name = customer?.name ?? null;
    return { owner: this.owner ?? GUEST, token, expires_at, conversation_id, name, talked: false };
  }

  /** @param {any} session @param {string | null} owner */
  #isGood(session, owner) {
    return (
      session?.owner === owner &&
      session.token !== this.#spent &&
      /^[\w.-]+$/.test(session.token) &&
      Date.parse(session.expires_at) > Date.now()
    );
  }

  /** @param {any} told */
  #hear({ hello, owner, session, was }) {
    const mine = this.session;
    if (hello && mine) this.#tell({ owner: this.owner, session: mine });
    if (owner !== this.owner) return;
    if (!session) {
      keep("sessionStorage", this.key, null);
      this.moved(null);
    } else if (
      this.#isGood(session, owner) &&
      (!mine ||
        mine.token === was ||
        // Of two that were opened at once, all tabs take the same.
        (!mine.talked && (session.talked || session.token < mine.token)))
    ) {
      keep(areaOf(owner), this.key, session);
      this.moved(session);
    }
  }
}
