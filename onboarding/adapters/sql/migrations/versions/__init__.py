"""Every step that the tables have gone, in order."""
