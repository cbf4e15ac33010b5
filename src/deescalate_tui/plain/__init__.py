"""The session as numbered lines, for screen readers, pipes and terminals that can draw nothing."""
