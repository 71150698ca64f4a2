"""Models from elsewhere: SBML with events, simulated on the same kernel."""
