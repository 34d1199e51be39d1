"""Multi-view sequences of scenes: cameras, rooms, rendering, Wan generation and measuring."""
