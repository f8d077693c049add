"""Files that people and HR systems write: from bytes to rows, and from rows to records."""
