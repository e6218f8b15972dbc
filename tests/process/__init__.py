"""The whole program, against the simulator."""
