/**
 * What the widget's modules hand to each other, and what the gateway sends (docs/http.md), as far
 * as it is read here. Never fetched by a browser: the modules name these types in comments.
 */

import type { Texts } from "./texts.js";

export interface Choice {
  id: string;
  title: string;
}

export interface Source {
  article_id: string;
  title: string;
  url: string | null;
  /** "YYYY-MM-DD" */
  updated_at: string | null;
}

export interface OrderSummary {
  number: string;
  status: string;
  status_text: string;
  placed_at: string;
  summary: string;
  total_minor: number;
  currency: string;
}

export interface OrderItem {
  title: string;
  variant: string;
  quantity: number;
  unit_price_minor: number;
}

export interface Shipment {
  carrier: string | null;
  tracking_number: string | null;
  shipped_at: string | null;
  expected_at: string | null;
  delivered_at: string | null;
}

export interface OrderCard {
  type: "order";
  number: string;
  status: string;
  status_text: string;
  placed_at: string;
  items: OrderItem[];
  /** How many items of the order are not on the card. */
  items_left_out: number;
  shipping_minor: number;
  total_minor: number;
  currency: string;
  seller: { name: string } | null;
  shipment: Shipment | null;
  address: { recipient: string; lines: string[] } | null;
  payment: string | null;
  cancelled_at: string | null;
  cancel_reason: string | null;
}

export interface OrderListCard {
  type: "order_list";
  orders: OrderSummary[];
}

export interface SellerCard {
  type: "seller";
  name: string;
  reply_hours: number;
  order_number: string | null;
}

export type Card = OrderCard | OrderListCard | SellerCard;

export interface Message {
  /** Without gaps within a conversation, from 1. */
  seq: number;
  id: string;
  client_id?: string | null;
  sender: "shopper" | "bot" | "agent" | "system";
  name?: string | null;
  at: string;
  text: string;
  choices?: Choice[];
  cards?: Card[];
  sources?: Source[];
  /** The shopper's vote on an answer. */
  helpful?: boolean | null;
}

export interface HelpArticle {
  id: string;
  title: string;
  url: string | null;
  updated_at: string | null;
  /** By which the article is found, beside its title. */
  words: string;
}

/** What a start screen shows. */
export interface Help {
  categories: { name: string | null; articles: HelpArticle[] }[];
  most_asked: Omit<HelpArticle, "words">[];
  articles_left_out: number;
}

/** A message of this shopper that the gateway has not acknowledged yet. */
export interface Unsent {
  client_id: string;
  text: string;
  choice?: string;
  at: string;
}

/** What a tab keeps of a shopper's writing, over a reload. */
export interface Writing {
  items: Unsent[];
  draft: string;
}

export interface Session {
  owner: string;
  token: string;
  expires_at: string;
  conversation_id: string;
  name: string | null;
  /** Whether the shopper has said something. */
  talked: boolean;
}

/** A JWT of the shop's server, a function that fetches one, or null for a guest. */
export type Identity = string | null | (() => string | null | Promise<string | null>);

export type Notice = "" | "offline" | "reconnecting" | "busy" | "refused";

export type State = "bot" | keyof Texts["states"];

/** What a conversation tells the one who shows it. */
export interface Listener {
  /** `history`: it is from before this page. */
  message(message: Message, history: boolean): void;
  unsent(item: Unsent): void;
  failed(item: Unsent): void;
  typing(typing: boolean): void;
  loading(loading: boolean): void;
  state(state: State): void;
  customer(name: string | null): void;
  /** How far the shopper has read; before the history that it is about. */
  read(seq: number): void;
  notice(notice: Notice, seconds?: number): void;
  /** `draft` is what the shopper had begun to write. */
  reset(draft: string): void;
  /** The session ran out, and what follows is another conversation. */
  renewed(): void;
}

/** What the shopper asks for by pressing something. */
export interface Actions {
  choose(choice: Choice): void;
  /** `instead`: of what is being written. */
  ask(text: string, instead?: boolean): void;
  send(text: string): void;
  write(draft: string): void;
  toggle(): void;
  close(): void;
  restart(): void;
  end(): void;
  save(): void;
  /** Tells those who cannot see it. */
  say(text: string): void;
  vote(id: string, helpful: boolean): Promise<void>;
  rate(stars: number, comment: string): Promise<void>;
}

export interface Context {
  texts: Texts;
  /** A BCP 47 tag. */
  locale: string;
  /** The direction of the texts; the page's where they are not in the language of the page. */
  dir?: string;
  actions: Actions;
  /** Ends every listener, timer and request. */
  signal: AbortSignal;
}
