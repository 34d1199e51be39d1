"""Measuring what a sequence shows: oracle for rendered rooms, estimators for generated clips."""
