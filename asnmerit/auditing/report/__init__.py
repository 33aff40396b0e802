"""The report of an audit: text for a terminal, a page that needs nothing else, SARIF for CI, scenarios."""
