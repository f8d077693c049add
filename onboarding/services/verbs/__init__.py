"""The five verbs, one file a verb: match, ask, write, meet, watch."""
