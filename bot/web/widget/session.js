// @ts-check
/** Opening sessions, and telling which ones may be good. */

/** @import { Session } from "./types.js" */

/**
 * @param {(path: string, body: object, token?: string) => Promise<any>} post
 * @param {string} owner
 * @param {{ identity?: string, locale: string }} about
 * @param {string} [guest] the token of a guest whose conversation goes on
 * @param {string} [closed] the token of a closed conversation that the new one comes after
 * @returns {Promise<Session>}
 */
export async function openSession(post, owner, about, guest, closed) {
  const body = { ...about, time_zone: Intl.DateTimeFormat().resolvedOptions().timeZone };
  const before = closed ?? guest;
  const path = closed ? "conversation/restart" : "sessions";
  const made = await post(path, body, before).catch((error) => {
    // The session before may not be good any more.
    if (!before || error.status !== 401) throw error;
    return post("sessions", body);
  });
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
