"""Backup of the database and the uploads, and the proof that it can be restored."""
