// @ts-check
/** The tabs of one browser that show the same shop. */

/**
 * Lets them talk to each other. A page that was left takes no part, so that the browser may keep it
 * for the way back.
 * @param {string} name
 * @param {(told: any) => void} hear what another tab tells: data, whoever it is from
 * @param {AbortSignal} life
 * @returns {(told: object) => void} tells all other tabs
 */
export function openChannel(name, hear, life) {
  /** @type {BroadcastChannel | undefined} */
  let channel;
  const open = () => {
    try {
      channel = new BroadcastChannel(name);
      channel.onmessage = ({ data }) => hear(Object(data));
    } catch {
      // Blocked like storage: each tab is on its own.
    }
  };
  const close = () => {
    channel?.close();
    channel = undefined;
  };
  open();
  life.addEventListener("abort", close);
  addEventListener("pagehide", close, { signal: life });
  addEventListener("pageshow", ({ persisted }) => persisted && open(), { signal: life });
  return (told) => channel?.postMessage(told);
}
