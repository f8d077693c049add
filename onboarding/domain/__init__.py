"""Pure decisions and values: no clock, no input or output, no settings."""
