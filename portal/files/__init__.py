"""Uploaded and received files: typed by content, each under its own id with its own data key."""

from portal.files.recognise import MAX_BYTES, Unacceptable, recognise
from portal.files.store import Files
from portal.files.tables import FileRow

__all__ = ["MAX_BYTES", "FileRow", "Files", "Unacceptable", "recognise"]
