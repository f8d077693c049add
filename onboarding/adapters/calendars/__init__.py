"""Which calendars can be asked? CalDAV, an address of a calendar, Google and Microsoft 365."""
