"""Evidence behind claims; a claim register has not been written yet."""
