"""What an audit claims of a law, kind by kind, and how the answers are told."""
