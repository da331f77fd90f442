"""Rules of sheets: what an item may say, what an answer may be. Pure."""
