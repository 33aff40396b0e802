"""The policy language: how a document is read, what it means, and how it is run. Knows nothing of civil servants."""
