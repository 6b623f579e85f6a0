/** What the demo shop's modules hear from the chat; browsers never fetch it. */

interface DocumentEventMap {
  "shop-chat-message": CustomEvent<{ sender: string }>;
}
