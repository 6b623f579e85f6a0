// @ts-check
/**
 * One shopper's conversation with the gateway: it keeps trying until what was sent is acknowledged,
 * and passes on every message once.
 */

import { GUEST, areaOf, newId, ownerOf } from "./identity.js";
import { createInbox } from "./inbox.js";
import { keep, recall } from "./memory.js";
import { ask, pause } from "./network.js";
import { createRequests } from "./requests.js";
import { goodSession, openSession } from "./session.js";
import { openChannel } from "./tabs.js";
import { recallWriting } from "./writing.js";

/** @import { Identity, Listener, Message, Session, Unsent, Writing } from "./types.js" */

const LONGEST_RETRY_MS = 30_000;
const FOR_EVER_MS = 1e9;

/**
 * @param {string} baseUrl ending in a slash
 * @param {string} locale
 * @param {Listener} on
 * @param {AbortSignal} life ends every request, timer and listener
 */
export function createConversation(baseUrl, locale, on, life) {
  const key = `shop-chat ${baseUrl}`;
  /** @type {Identity} */
  let identity = null;
  /** Whose session it is; null while nobody has said. @type {string | null} */
  let owner = GUEST;
  /** The one in use. @type {Session | null} */
  let session = null;
  /** Whose conversation is on the screen. @type {Session | null} */
  let shown = null;
  /** A token that this page does not use any more. @type {string | undefined} */
  let spent;
  /** One of a closed conversation, which is good for the next. @type {string | undefined} */
  let closed;
  /** Ends all that goes on with one session. @type {AbortController | null} */
  let run = null;
  /** Ends waiting and listening, so that both begin again. */
  let line = new AbortController();
  let sending = false;
  let failures = 0;
  const requests = createRequests(baseUrl, () => session?.token, life);

  const unsentKey = () => `${key} unsent ${owner ?? GUEST}`;

  let writing = recallWriting(unsentKey());

  /** @param {Partial<Writing>} change */
  const keepWriting = (change) => {
    writing = { ...writing, ...change };
    keep("sessionStorage", unsentKey(), writing);
  };

  /** @param {string | null | undefined} clientId @returns {boolean} whether it was waited for */
  const acknowledge = (clientId) => {
    const items = writing.items.filter((item) => item.client_id !== clientId);
    const waited = items.length < writing.items.length;
    if (waited) keepWriting({ items });
    return waited;
  };

  /** A session of this shopper, or of another, that may be good. */
  const find = (whose = owner) => {
    const kept = goodSession(recall(areaOf(whose), key), whose);
    return kept && kept.token !== spent ? kept : null;
  };

  /** Keeps a session for later pages and other tabs. @param {Session} session */
  const share = (session) => {
    keep(areaOf(owner), key, session);
    tell({ session, was: spent });
  };

  /** Forgets a shopper on this device, in all tabs. */
  const forget = () => {
    for (const out of [owner ?? GUEST, recall("localStorage", key)?.owner]) tell({ out });
    keep("localStorage", key, null);
    keep("sessionStorage", key, null);
    keep("sessionStorage", unsentKey(), null);
  };

  const halt = () => {
    run?.abort();
    run = null;
    sending = false;
  };

  /** @param {string | null} next */
  const turnTo = (next) => {
    owner = next;
    session = null;
    closed = undefined;
  };

  /** Uses the session no more. @param {boolean} isClosed whether its conversation is over */
  const drop = (isClosed) => {
    halt();
    if (!session) return;
    spent = session.token;
    turnTo(owner);
    if (isClosed) closed = spent;
    // Unless another tab has kept a new one since.
    if (!find()) keep(areaOf(owner), key, { owner });
  };

  const clear = () => {
    shown = null;
    inbox.clear();
    on.reset(writing.draft);
  };

  /** Begins like a page that was just loaded. @param {string | null} next */
  const reload = (next) => {
    halt();
    turnTo(next);
    writing = recallWriting(unsentKey());
    clear();
    resume();
  };

  /** The shopper is not here any more, as this or another tab says. */
  const leave = () => {
    if (owner) {
      keep("sessionStorage", unsentKey(), null);
      identity = null;
    }
    reload(GUEST);
  };

  /** The page may have been out of sight, or out of use, while somebody else was here. */
  const wake = () => {
    line.abort();
    line = new AbortController();
    if (!session || document.hidden) return;
    const { draft } = writing;
    writing = recallWriting(unsentKey());
    const kept = recall(areaOf(owner), key);
    if (kept?.owner !== owner) leave();
    else if (kept.token !== session.token || writing.draft !== draft) reload(owner);
    else if (run) start();
  };

  /**
   * Turns to another shopper. What a guest said and wrote goes along with a sign-in; nothing of a
   * customer's ever does.
   * @param {string | null} next
   */
  const become = (next) => {
    if (next === owner) return;
    const { items, draft } = writing;
    const before = owner;
    const goesOn = !before && find(GUEST)?.talked;
    if (before) forget();
    keep("sessionStorage", unsentKey(), null);
    turnTo(next);
    writing = recallWriting(unsentKey());
    if (!before)
      keepWriting({ items: [...writing.items, ...items], draft: draft || writing.draft });
    if (before || writing.draft !== draft || (shown && !goesOn)) clear();
    tell({ hello: true });
  };

  /** Goes on with a session. @param {Session} next */
  const use = (next) => {
    const before = shown;
    const running = run;
    halt();
    session = shown = next;
    if (before && before.conversation_id !== next.conversation_id) {
      inbox.clear();
      if (before.owner === next.owner) on.renewed();
      else on.reset(writing.draft);
    }
    on.customer(next.name);
    if (running || next.talked || writing.items.length) start();
  };

  const tell = openChannel(
    key,
    ({ hello, out, session: theirs, was }) => {
      if (hello && session) tell({ session });
      if (out === owner) {
        keep("sessionStorage", key, null);
        leave();
      }
      // A tab in which nobody has talked yet follows one in which somebody may have.
      const mine = session ?? (owner ? find(GUEST) : null);
      if (goodSession(theirs, owner) && (!mine?.talked || mine.token === was)) {
        keep(areaOf(owner), key, theirs);
        use(theirs);
      }
    },
    life,
  );

  const prove = async () => (typeof identity === "function" ? identity() : identity);

  /** Comes to a session, by way of a guest's conversation if there is one. @param {AbortSignal} signal */
  const open = async (signal) => {
    const proof = await prove();
    signal.throwIfAborted();
    const whose = ownerOf(proof);
    become(whose);
    /** @param {string} path @param {object} body @param {string} [token] */
    const post = (path, body, token) => ask("POST", requests.url(path), { signal, body, token });
    const guest = proof ? find(GUEST) : null;
    let next = guest?.talked ? null : find();
    if (!next) {
      const about = { identity: proof ?? undefined, locale };
      const before = guest?.talked ? guest.token : undefined;
      next = await openSession(post, whose, about, before, closed);
      signal.throwIfAborted();
      share(next);
    }
    if (guest) {
      keep("sessionStorage", key, null);
      tell({ out: GUEST });
    }
    use(next);
  };

  const succeed = () => {
    failures = 0;
    on.notice("");
  };

  /**
   * Decides what a failure means for the session, and waits before the next attempt.
   * @param {any} failure
   * @param {AbortSignal} signal
   */
  const recover = async ({ status, waitMs }, signal) => {
    failures += 1;
    if (status === 429) on.notice("busy", Math.ceil(waitMs / 1000) || 1);
    else if (!navigator.onLine) on.notice("offline");
    else if (failures > 2) on.notice("reconnecting");
    const backOffMs = Math.min(LONGEST_RETRY_MS, 150 * 2 ** failures) * (0.5 + Math.random() / 2);
    // The gateway's wish stands; our own patience ends when the network is back.
    const patience = waitMs ? signal : AbortSignal.any([signal, line.signal]);
    await pause(waitMs || backOffMs, patience);
    if (signal.aborted || (status !== 401 && status !== 409)) return;
    drop(status === 409);
    start();
  };

  /** @param {Message} message */
  const note = ({ sender, client_id }) => {
    if (sender === "shopper" && session?.talked === false)
      share((session = { ...session, talked: true }));
    return acknowledge(client_id);
  };

  const inbox = createInbox(on, requests, note, succeed);

  /** Has a session, and listens as long as the page can be seen. @param {AbortSignal} signal */
  const follow = async (signal) => {
    while (!signal.aborted) {
      const ends = AbortSignal.any([signal, line.signal]);
      const opening = !session;
      const step = !session
        ? open(signal)
        : document.hidden
          ? pause(FOR_EVER_MS, ends)
          : inbox.listen(session, ends).then(halt);
      const error = await step.catch(Object);
      if (!error || ends.aborted) continue;
      // A function may have given a token that was about to run out.
      if (opening && error.status === 401 && (failures || typeof identity !== "function")) {
        halt();
        on.notice("refused");
      } else await recover(error, signal);
    }
  };

  /** @param {Unsent} item @param {AbortSignal} signal */
  const deliver = async ({ client_id, text, choice }, signal) => {
    const body = choice ? { client_id, choice } : { client_id, text };
    const answer = await requests.request("POST", "/messages", body, signal);
    signal.throwIfAborted();
    inbox.receive(answer.message);
    acknowledge(client_id);
    succeed();
  };

  /** @param {AbortSignal} signal */
  const flush = async (signal) => {
    if (sending) return;
    sending = true;
    while (writing.items.length) {
      const [item] = writing.items;
      const error = await deliver(item, signal).catch(Object);
      if (signal.aborted) return;
      if (/^4(?!01|08|09|25|29)/.test(error?.status) || (error?.status === 409 && item.choice)) {
        acknowledge(item.client_id);
        on.failed(item);
      } else if (error) await recover(error, signal);
      if (signal.aborted) return;
    }
    sending = false;
  };

  const start = () => {
    const running = run;
    run ??= new AbortController();
    const signal = AbortSignal.any([life, run.signal]);
    for (const item of writing.items) on.unsent(item);
    if (!running) follow(signal);
    if (session) flush(signal);
  };

  /** Goes on with a conversation that the shopper had begun. */
  const resume = () => {
    const kept = find();
    if (kept?.talked) use(kept);
    else if (writing.items.length) start();
    tell({ hello: true });
  };

  for (const change of ["online", "offline", "visibilitychange"])
    addEventListener(change, wake, { signal: life });

  return {
    get draft() {
      return writing.draft;
    },

    /** @param {string} draft */
    write(draft) {
      keepWriting({ draft });
      if (inbox.state === "agent") requests.type(draft !== "");
    },

    resume,
    start,

    /** @param {string} text @param {string} [choice] the id of an offered one */
    send(text, choice) {
      if (inbox.state === "closed") drop(true);
      const item = { client_id: newId(), text, choice, at: new Date().toISOString() };
      keepWriting({ items: [...writing.items, item] });
      start();
    },

    /** @param {Identity} given */
    async identify(given) {
      identity = given;
      const lazy = typeof given === "function";
      if (lazy && !run && !session && !owner && !recall("localStorage", key)?.talked) {
        owner = null;
        return;
      }
      // Where it cannot be said now, it is asked for again with the next session.
      const next = await prove().then(ownerOf, () => owner);
      if (identity !== given) return;
      const running = run;
      if (next !== owner) {
        halt();
        become(next);
      }
      if (running) start();
      else resume();
    },

    /** Forgets the shopper on this device. */
    logOut() {
      forget();
      identity = null;
      leave();
    },

    restart() {
      drop(true);
      keepWriting({ items: [] });
      clear();
      start();
    },

    ...requests.wishes,
  };
}

/** @typedef {ReturnType<typeof createConversation>} Conversation */
