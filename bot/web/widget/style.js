// @ts-check
/** The look, as a constructed style sheet: `default-src 'self'` allows it, unlike inline styles. */

// Everything is set on the two outermost elements and not on the host, where a page's rules win.
const CSS = `
.launcher, .panel {
  all: initial; /* But for the names of properties, which a page may have as well. */
  --hue: initial;
  color-scheme: inherit;
  --accent: var(--shop-chat-accent, #2f4fd0);
  --on-accent: var(--shop-chat-on-accent, #fff);
  --surface: var(--shop-chat-surface, light-dark(#fff, #1a1d23));
  --ground: var(--shop-chat-ground, light-dark(#f4f5f7, #121419));
  --ink: var(--shop-chat-ink, light-dark(#1b2027, #e9ebef));
  --quiet: light-dark(#59616e, #a5adba);
  --line: light-dark(#dfe2e8, #31363f);
  --tint: color-mix(in oklab, var(--accent) 9%, var(--surface));
  --link: light-dark(var(--accent), color-mix(in oklab, var(--accent) 42%, #fff));
  --gap: var(--shop-chat-gap, 20px);
  position: fixed;
  inset-inline-end: max(var(--gap), env(safe-area-inset-right));
  z-index: var(--shop-chat-z-index, 2147483000);
  font: 15px/1.5 var(--shop-chat-font, system-ui, sans-serif);
  color: var(--ink);
}
:host { display: contents }
:host([theme="light"]) { color-scheme: light }
:host([theme="dark"]) { color-scheme: dark }
:host([theme="auto"]) { color-scheme: light dark }
:host([hidden]), [hidden] { display: none !important }
:where(.panel *) { margin: 0; padding: 0 }
*, .launcher, .panel { box-sizing: border-box }
ul { list-style: none }
bdi { display: inline-block } /* Isolates even from what opens a direction and does not end it. */
:where(.panel button), :where(.panel textarea) { font: inherit; color: inherit }
:where(.panel button) { cursor: pointer; border: 1px solid transparent; background: none;
  border-radius: 20px }
button:disabled { cursor: default }
:focus-visible { outline: 2px solid var(--link); outline-offset: 2px }
svg { width: 22px; height: 22px; flex: none; fill: none; stroke: currentColor; stroke-width: 1.7;
  stroke-linecap: round; stroke-linejoin: round }
small { display: block; color: var(--quiet); font-size: 13px }
a { color: var(--link); text-underline-offset: 2px }

.launcher { display: flex; align-items: center; gap: 10px; min-height: 52px; padding: 0 20px 0 16px;
  inset-block-end: max(var(--gap), env(safe-area-inset-bottom)); border-radius: 26px;
  cursor: pointer;
  background: var(--accent); color: var(--on-accent); font-weight: 600;
  box-shadow: 0 6px 20px #0003 }
.launcher:hover, .ready:hover { background: color-mix(in oklab, var(--accent), #000 12%) }
.badge { position: absolute; inset-block-start: -6px; inset-inline-end: -4px; min-width: 22px;
  padding: 0 6px; border-radius: 11px; background: #c62828; color: #fff; font-size: 13px;
  line-height: 22px }

.panel { flex-direction: column;
  inset-block-end: calc(max(var(--gap), env(safe-area-inset-bottom)) + 66px);
  width: min(400px, 100vw - 2 * var(--gap)); height: min(680px, 100dvh - 66px - 3 * var(--gap));
  border: 1px solid var(--line); border-radius: var(--shop-chat-radius, 18px); overflow: hidden;
  background: var(--ground); box-shadow: 0 18px 50px #0003 }
.panel[open] { display: flex; animation: rise .18s ease-out }
.panel:not([open]) { display: none }
@keyframes rise { from { opacity: 0; transform: translateY(10px) } }
.top, .confirm, .composer { background: var(--surface); border: 0 solid var(--line);
  border-block-end-width: 1px }
.top { display: flex; align-items: center; padding: 12px 8px 12px 16px; line-height: 1.3 }
.title { flex: 1; margin-inline-start: 12px }
.title b { font-size: 16px }
.top button { width: 44px; height: 44px; padding: 10px; color: var(--quiet) }
.top button:hover { background: var(--ground); color: var(--ink) }
.face { display: grid; place-items: center; width: 38px; height: 38px; border-radius: 50%;
  background: var(--accent); color: var(--on-accent) }
.confirm, .choices { display: flex; flex-wrap: wrap; gap: 8px }
.confirm { padding: 12px 16px }
.confirm p { flex-basis: 100% }
:is(.confirm, .choices) button { min-height: 40px; padding: 7px 15px; border-color: currentColor;
  background: var(--surface); color: var(--link); font-weight: 550; line-height: 1.35;
  text-align: start }
.choices button:hover:enabled, .orders button:hover:enabled { background: var(--tint) }
.confirm .ready, .filled button { background: var(--accent); color: var(--on-accent) }
.choices button:disabled { border-color: var(--line); color: var(--quiet); font-weight: 400 }
.choices .chosen:disabled { border-color: currentColor; color: var(--ink) }

.log { position: relative; flex: 1; min-height: 0; overflow: hidden auto; padding: 16px;
  overflow-wrap: anywhere;
  overscroll-behavior: contain; scrollbar-width: thin; scrollbar-color: var(--line) transparent }
.log:focus-visible { outline-offset: -3px }
.message { display: flex; flex-direction: column; align-items: flex-start; gap: 8px;
  margin-block-start: 18px }
.message:first-child { margin-block-start: 0 }
.joined { margin-block-start: 8px }
.meta, .fate { color: var(--quiet); font-size: 13px; line-height: 1.2; padding-inline: 4px }
.joined .meta { position: absolute; clip-path: inset(50%) }
p.meta:not(.message *) { margin-block-start: 24px; text-align: center }
.bubble { max-width: 88%; padding: 10px 14px; border: 1px solid transparent;
  border-radius: 6px 18px 18px; background: var(--surface); box-shadow: 0 1px 2px #0001 }
.bubble * + :is(p, ul, ol) { margin-block-start: 8px }
.bubble :is(ul, ol) { padding-inline-start: 20px; list-style: disc }
.bubble ol { list-style: decimal }
.bubble li + li { margin-block-start: 5px }
[data-sender="shopper"] { align-items: flex-end }
[data-sender="shopper"] .bubble { background: var(--accent); color: var(--on-accent);
  border-radius: 18px 18px 6px; white-space: pre-wrap }
[data-sender="agent"] .bubble { background: var(--tint) }
[data-sender="system"] { align-items: center; text-align: center }
[data-sender="system"] .bubble { background: none; box-shadow: none; color: var(--quiet) }
.failed .bubble { background: var(--surface); color: var(--ink); border: 1px dashed }
.failed .fate { color: light-dark(#a61b1b, #ff9a93) }

.welcome { padding: 20px 4px }
.log:has(.message) .welcome { display: none }
.welcome h2 { font-size: 24px; line-height: 1.3 }
.welcome p { margin-block: 6px 22px; color: var(--quiet) }
.welcome .choices { flex-direction: column; align-items: flex-start }

.card { width: 100%; max-width: 380px; border: 1px solid var(--line); border-radius: 14px;
  background: var(--surface); overflow: hidden; font-size: 14px }
.line { display: flex; justify-content: space-between; align-items: flex-start; gap: 4px 12px;
  width: 100% }
.card header { flex-wrap: wrap; padding: 12px 14px 10px; font-size: 15px }
.status { padding: 2px 10px; border-radius: 11px; font-size: 12.5px; font-weight: 600;
  white-space: nowrap;
  color: var(--hue, var(--quiet));
  background: color-mix(in oklab, var(--hue, var(--quiet)) 13%, var(--surface)) }
[data-status="awaiting_payment"] { --hue: light-dark(#7c4a03, #f0c674) }
[data-status="awaiting_shipping"] { --hue: light-dark(#1d4f9c, #a9c9fb) }
[data-status="awaiting_delivery"] { --hue: light-dark(#5738a5, #cbbdfb) }
[data-status="completed"] { --hue: light-dark(#186034, #9fe0b8) }
.way { display: flex; gap: 4px; padding: 0 14px 12px }
.way i { flex: 1; height: 4px; border-radius: 2px; background: var(--line) }
.way .done { background: var(--link) }
.items { border-block-end: 1px solid var(--line) }
.card li { border-block-start: 1px solid var(--line) }
.items li, dl { padding: 10px 14px }
.orders li:first-child { border: 0 }
.price, dd { font-variant-numeric: tabular-nums }
.price { white-space: nowrap }
dl div { display: flex; justify-content: space-between; gap: 16px; padding-block: 3px }
dt { color: var(--quiet); flex: none }
dd { text-align: end }
.orders button { display: grid; gap: 3px; width: 100%; padding: 11px 14px; border-radius: 0;
  text-align: start }
.orders button:focus-visible { outline-offset: -3px }
.orders button:disabled { color: var(--quiet) }
.seller { display: flex; gap: 12px; align-items: center; padding: 12px 14px }
.seller svg { color: var(--link) }
.sources { padding-inline: 4px; font-size: 14px }
.sources li { display: flex; gap: 6px }
.sources svg { color: var(--quiet) }

.dots { display: flex; gap: 5px; width: max-content; margin-block-start: 18px; padding: 14px 16px;
  border-radius: 6px 18px 18px; background: var(--surface) }
.dots i { border: 3.5px solid var(--quiet); border-radius: 50%; animation: blink 1.2s infinite }
.dots i + i { animation-delay: .2s }
.dots i + i + i { animation-delay: .4s }
@keyframes blink { 30% { opacity: .25 } }
.notice { position: sticky; inset-block-end: 0; margin-block-start: 16px; padding: 9px 14px;
  border: 1px solid; border-radius: 12px; background: light-dark(#fdf3dc, #3a2f1a);
  color: light-dark(#654000, #f4d08b); font-size: 14px }
.newest { align-self: center; display: flex; align-items: center; height: 36px;
  margin-block: -44px 8px;
  padding: 0 10px 0 16px; border-color: var(--line); background: var(--surface); z-index: 1;
  font-size: 14px; font-weight: 600; box-shadow: 0 3px 12px #0003 }

.composer { display: flex; flex-wrap: wrap; align-items: flex-end; gap: 6px;
  border-block-width: 1px 0;
  padding: 10px 10px max(10px, env(safe-area-inset-bottom)) 12px }
textarea { flex: 1; min-width: 0; max-height: 132px; padding: 10px 14px; resize: none;
  font-size: 16px;
  line-height: 22px; border: 1px solid light-dark(#858d9b, #6d7583); border-radius: 22px;
  background: var(--ground) }
textarea:focus-visible { border-color: transparent; outline-offset: -1px }
textarea::placeholder { color: var(--quiet); opacity: 1 }
.count { flex-basis: 100%; padding-inline: 14px }
.count:empty { display: none }
.composer button { width: 44px; height: 44px; padding: 10px; border-radius: 50% }

@media (max-width: 640px) {
  .launcher { padding: 0 14px }
  .label { display: none }
  .panel { inset: 0; width: 100%; max-width: none; height: var(--visible, 100dvh);
  max-height: none; border: 0;
    border-radius: 0; padding-block-start: env(safe-area-inset-top) }
}
@media (prefers-reduced-motion: reduce) {
  * { animation: none !important }
}
@media (forced-colors: active) {
  .launcher, .bubble, .status, .composer button { border: 1px solid }
  .way .done { background: Highlight }
}
`;

/** @type {CSSStyleSheet | undefined} */
let shared;

/** One sheet for every element of the page, made on first use. */
export function sheet() {
  if (!shared) {
    shared = new CSSStyleSheet();
    shared.replaceSync(CSS);
  }
  return shared;
}
