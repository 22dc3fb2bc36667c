"""What needs more than one figure: fair comparison, bridges, cohorts, survival, spread.

Small frames through the gate in, results with their evidence out.
"""
