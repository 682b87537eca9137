"""Parts that plots share: tick choice, min/max of runs of bars, drawing from arrays."""
