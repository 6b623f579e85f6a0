// @ts-check
/** A short sound for a new message, off until the shopper turns it on. */

import { keep, recall } from "./memory.js";

const SOUND_KEY = "shop-chat sound";
const LENGTH_S = 0.25;

/** @type {AudioContext | undefined} */
let audio;

export const isSoundOn = () => !!recall("localStorage", SOUND_KEY);

/** @param {boolean} on */
export function setSound(on) {
  keep("localStorage", SOUND_KEY, on);
  if (on) chime();
}

/** Browsers stay silent until somebody has touched the page. */
export function chime() {
  if (!isSoundOn()) return;
  audio ??= new AudioContext();
  const end = audio.currentTime + LENGTH_S;
  const tone = new OscillatorNode(audio, { frequency: 660 });
  const volume = new GainNode(audio, { gain: 0.1 });
  volume.gain.linearRampToValueAtTime(0, end);
  tone.connect(volume).connect(audio.destination);
  tone.start();
  tone.stop(end);
}
