"""Rules of contracts: staffing, terms, the file a contract is recorded from. Pure."""
