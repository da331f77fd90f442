"""Who may inspect, publish, correct, verify, appeal and decide (default deny)."""
