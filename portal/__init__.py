"""The shell: signing in, storage, the outbox, the pages frame, and the roots of each process."""
