"""An application form as data, the path through it, drafts, attachments and sending."""
