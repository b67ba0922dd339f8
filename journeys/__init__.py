"""Application forms as data, the path through them, drafts, sending and receipts."""
