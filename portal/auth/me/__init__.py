"""The person's own pages: who they are here, their contacts, and where they are signed in."""
