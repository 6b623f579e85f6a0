// @ts-check
/** The look, as a constructed style sheet: `default-src 'self'` allows it, unlike inline styles. */

// Everything is set on the two outermost elements and not on the host, where a page's rules win.
// Lengths and declarations repeat on purpose: what repeats is almost free once it is compressed.
const CSS = `
.launcher, .panel {
  all: initial; /* But for the names of properties, which a page may have as well. */
  --hue: 0 0;
  --stroke: 1.7;
  color-scheme: inherit;
  --accent: var(--shop-chat-accent, #2f4fd0);
  --on-accent: var(--shop-chat-on-accent, #fff);
  --surface: var(--shop-chat-surface, light-dark(#fff, #1a1d23));
  --ground: var(--shop-chat-ground, light-dark(#f4f5f7, #121419));
  --ink: var(--shop-chat-ink, light-dark(#1b2027, #e9ebef));
  --quiet: light-dark(#59616e, #a5adba);
  --line: light-dark(#dfe2e8, #31363f);
  --edge: 1px solid var(--line);
  --tint: color-mix(in oklab, var(--accent) 9%, var(--surface));
  --link: light-dark(var(--accent), color-mix(in oklab, var(--accent) 42%, #fff));
  --gap: var(--shop-chat-gap, 20px);
  --shadow: 0 8px 32px #0003;
  --bottom: max(var(--gap), env(safe-area-inset-bottom));
  position: fixed;
  inset-inline-end: max(var(--gap), env(safe-area-inset-right));
  z-index: var(--shop-chat-z-index, 2147483000);
  box-shadow: var(--shadow);
  font: 15px/1.5 var(--shop-chat-font, system-ui, sans-serif);
  color: var(--ink);
}
:host { display: contents }
:host([theme="light"]) { color-scheme: light }
:host([theme="dark"]) { color-scheme: dark }
:host([theme="auto"]) { color-scheme: light dark }
:host([position="start"]) > * { inset-inline: max(var(--gap), env(safe-area-inset-left)) auto }
:host([hidden]), [hidden] { display: none !important }
:where(.panel *) { margin: 0; padding: 0; border: 0 }
*, .launcher, .panel { box-sizing: border-box }
ul { list-style: none }
bdi { display: inline-block } /* Isolates even from what opens a direction and does not end it. */
:where(.panel :is(button, textarea)) { font: inherit; color: inherit }
:where(.panel button) { background: none; border-radius: 22px; cursor: pointer; text-align: start }
:focus-visible { outline: 2px solid var(--link); outline-offset: 2px }
svg { display: block; width: 22px; height: 22px; flex: none; fill: none; stroke: currentColor;
  stroke-width: var(--stroke); stroke-linecap: round; stroke-linejoin: round }
small { display: block }
small, h3, .meta, .fate, .count, .vote, .badge, .status, [data-mark]::before {
  color: var(--quiet); font-size: 13px }
.launcher, .choices, .said, .vote, .articles button, .sources li, .line, .way, .dots, .newest,
.menu button, dl div, fieldset { display: flex; gap: 8px }
a { color: var(--link) }
.unseen, .joined .meta { position: absolute; clip-path: inset(50%) }

.launcher { align-items: center; min-height: 52px; padding: 0 20px 0 16px;
  inset-block-end: var(--bottom); border-radius: 26px; cursor: pointer;
  background: var(--accent); color: var(--on-accent); font-weight: 600 }
.launcher:hover { filter: brightness(.9) }
.badge { position: absolute; inset-block-start: -6px; inset-inline-end: -4px; min-width: 22px;
  padding: 0 6px; border-radius: 12px; background: #c62828; color: #fff;
  line-height: 22px; text-align: center }

.panel { flex-direction: column; inset-block-end: calc(var(--bottom) + 66px);
  width: min(400px, 100vw - 2 * var(--gap)); height: min(680px, 100dvh - 66px - 3 * var(--gap));
  border: var(--edge); border-radius: var(--shop-chat-radius, 20px); overflow: hidden;
  background: var(--ground) }
.panel[open] { display: flex; animation: rise .2s }
.panel:not([open]) { display: none }
@keyframes rise { from { opacity: 0; transform: translateY(8px) } }
.header, .confirm, .composer { position: relative; display: flex; flex-wrap: wrap; align-items: center;
  gap: 8px; padding: 8px 12px; background: var(--surface) }
.header, .confirm { border-block-end: var(--edge) }
.title { flex: 1; line-height: 1.3 }
.header > button, .header summary, .composer > button { padding: 11px; border-radius: 22px;
  color: var(--quiet) }
summary { list-style: none; cursor: pointer; --stroke: 3 }
.face { padding: 8px; border-radius: 50%; background: var(--accent); color: var(--on-accent) }
.menu { position: absolute; z-index: 2; inset-block-start: 56px; inset-inline-end: 12px;
  padding: 4px; border: var(--edge); border-radius: 12px; background: var(--surface);
  box-shadow: var(--shadow) }
.menu button { justify-content: space-between; width: 100%;
  padding: 11px 12px; border-radius: 8px }
.menu [aria-pressed="false"] svg { visibility: hidden }
.confirm p, .count { flex-basis: 100% }
.choices { flex-wrap: wrap }
:is(.confirm, .choices, .ending) button { padding: 8px 16px; border: 1px solid;
  background: var(--surface); color: var(--link); font-weight: 600; line-height: 1.35 }
:is(.header, .card, .choices) button:enabled:hover, summary:hover { background: var(--tint) }
.confirm .ready, .filled button { background: var(--accent); color: var(--on-accent) }
.choices :disabled { border-color: var(--line); color: var(--quiet) }
.choices .chosen { border-color: currentColor; color: var(--ink) }

.log { position: relative; flex: 1; min-height: 0; overflow: hidden auto; padding: 16px; overflow-wrap: anywhere;
  overscroll-behavior: contain }
.log:focus-visible, .card :focus-visible, textarea:focus-visible { outline-offset: -2px }
.message { display: flex; flex-direction: column; align-items: flex-start; gap: 8px;
  margin-block-start: 20px }
.message:first-child { margin: 0 }
.joined { margin-block-start: 8px }
p.meta:not(.message *), [data-mark]::before { align-self: center; text-align: center }
[data-mark]::before { content: attr(data-mark) }
[data-mark=""]::before { content: none }
.said { align-items: flex-start; max-width: 100% }
.bubble { min-width: 0; padding: 8px 16px; border-radius: 6px 20px 20px;
  background: var(--surface) }
.bubble * + :is(p, ul, ol) { margin-block-start: 8px }
.bubble :is(ul, ol) { padding-inline-start: 20px }
.bubble ul { list-style: disc }
.shopper { align-items: flex-end }
.shopper .said { padding-inline-start: 36px }
.shopper .bubble { background: var(--accent); color: var(--on-accent);
  border-radius: 20px 20px 6px; white-space: pre-wrap }
.agent .bubble { background: var(--tint) }
.system { align-items: center; text-align: center }
.system .bubble { background: none; color: var(--quiet) }
.failed .bubble.bubble { background: var(--surface); color: var(--ink); border: 1px dashed }
.failed .fate { color: light-dark(#a61b1b, #ff9a93) }
.copy, .vote button { flex: none; padding: 10px; color: var(--quiet) }
.copy svg, .vote svg { width: 16px; height: 16px }
.vote { align-items: center }
.vote :last-child svg { transform: rotate(180deg) }
.vote [aria-pressed="true"] { color: var(--link); background: var(--tint) }

.log:has(.message) .welcome { display: none }
.welcome .choices { margin-block-start: 16px }
.welcome p { margin-block-end: 8px }
h2 { font-size: 24px }
h3 { margin-block: 24px 8px }
.card { width: 100%; border: var(--edge); border-radius: 12px; background: var(--surface);
  overflow: hidden; font-size: 14px }
.card button { width: 100%; padding: 11px 12px; border-radius: 0 }
.card > * + *, .card li + li { border-block-start: var(--edge) }
.card summary { padding: 11px 12px; font-weight: 600; list-style: revert }
details .card { border-width: 1px 0 0; border-radius: 0 }
.line { flex: 1; justify-content: space-between; align-items: flex-start }
.card > *, .items li { padding: 8px 12px }
.articles > *, .orders > *, .card > details, .items { padding: 0 }
.status { padding: 2px 8px; border-radius: 12px; font-weight: 600;
  color: light-dark(oklch(45% var(--hue)), oklch(84% var(--hue)));
  background: color-mix(in oklab, currentColor 13%, var(--surface)) }
[data-status="awaiting_payment"] { --hue: .1 70 }
[data-status="awaiting_shipping"] { --hue: .1 250 }
[data-status="awaiting_delivery"] { --hue: .1 290 }
[data-status="completed"] { --hue: .1 150 }
.way { border: 0; padding-block: 0 12px }
.way i { flex: 1; height: 4px; border-radius: 2px; background: var(--line) }
.way .done { background: var(--link) }
.price, .status { white-space: nowrap }
dl div { justify-content: space-between; padding-block: 2px }
dt { color: var(--quiet) }
dd { text-align: end }
.orders button:disabled { color: var(--quiet) }
.sources svg, .articles svg { color: var(--quiet) }
.ending { margin-block-start: 20px; text-align: center }
fieldset { justify-content: center }
legend { margin: auto; font-weight: 600 }
.ending label { position: relative; padding: 0 11px; color: var(--ground); font-size: 28px;
  -webkit-text-stroke: 1px var(--quiet) }
.ending input { position: absolute; inset: 0; opacity: 0; cursor: pointer }
.ending label:has(:checked, ~ label :checked) { color: var(--link); -webkit-text-stroke: 0 }
.ending label:has(:focus-visible) { outline: 2px solid }
.ending > button, .ending textarea { margin-block: 8px }
.ending textarea { width: 100% }

.dots { width: max-content; margin-block-start: 20px; padding: 16px;
  border-radius: 6px 20px 20px; background: var(--surface) }
.dots i { border: 3.5px solid var(--quiet); border-radius: 50%; animation: blink 1.2s infinite }
@keyframes blink { 30% { opacity: .25 } }
.notice { position: sticky; inset-block-end: 0; margin-block-start: 16px; padding: 8px 12px;
  border: 1px solid; border-radius: 12px; background: light-dark(#fdf3dc, #3a2f1a);
  color: light-dark(#654000, #f4d08b) }
.newest { align-self: center; z-index: 1; margin-block: -48px 8px;
  padding: 8px 12px; border: var(--edge); background: var(--surface); font-weight: 600;
  box-shadow: var(--shadow) }

.composer { align-items: flex-end; border-block-start: var(--edge);
  padding-block-end: max(8px, env(safe-area-inset-bottom)) }
textarea { flex: 1; min-width: 0; max-height: 132px; padding: 10px 16px; resize: none;
  font-size: 16px; line-height: 22px; border: 1px solid light-dark(#858d9b, #6d7583);
  border-radius: 22px; background: var(--ground) }
textarea::placeholder { color: var(--quiet); opacity: 1 }
.count:empty { display: none }

@media (max-width: 640px) {
  .launcher { padding: 0 16px }
  .label { display: none }
  .panel { inset: var(--scrolled, 0) 0 auto !important; width: 100%; max-width: none;
    height: var(--visible, 100dvh); max-height: none; border: 0; border-radius: 0;
    padding-block-start: env(safe-area-inset-top) }
}
@media (prefers-reduced-motion: reduce) {
  * { animation: none !important }
}
@media (forced-colors: active) {
  .launcher, .bubble, .status, .composer button { border: 1px solid }
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
