"""What a policy guarantees: claims that are proved, or refuted by a person, or a pair of people, that can be run."""
