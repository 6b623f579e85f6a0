// @ts-check
/** Opening sessions, and telling which ones may be good. */

import { ask } from "./network.js";

/** @import { Session } from "./types.js" */

/**
 * @typedef {object} Opening
 * @property {string} owner
 * @property {string | null} identity the proof of it
 * @property {string} locale
 * @property {string} [guest] the token of a guest whose conversation goes on
 * @property {string} [closed] the token of a closed conversation that the new one comes after
 */

/**
 * @param {(path: string) => URL} url
 * @param {Opening} opening
 * @param {AbortSignal} signal
 * @returns {Promise<Session>}
 */
export async function openSession(url, { owner, identity, locale, guest, closed }, signal) {
  const time_zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const body = { identity: identity ?? undefined, locale, time_zone };
  const before = closed ?? guest;
  /** @param {string} path @param {string} [token] */
  const post = (path, token) => ask("POST", url(path), { signal, body, token });
  const made = await post(closed ? "conversation/restart" : "sessions", before).catch((error) => {
    // The session before may not be good any more.
    if (!before || error.status !== 401) throw error;
    return post("sessions");
  });
  signal.throwIfAborted();
  return {
    owner,
    token: made.token,
    expires_at: made.expires_at,
    conversation_id: made.conversation_id,
    name: made.customer?.name ?? null,
    talked: !!guest,
  };
}

/** @param {any} session of anybody's making @param {string | null} owner @returns {Session | null} */
export const goodSession = (session, owner) =>
  session?.owner === owner &&
  /^[\w.-]+$/.test(session.token) &&
  Date.parse(session.expires_at) > Date.now()
    ? session
    : null;
