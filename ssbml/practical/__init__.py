"""What an experimenter needs beside a prediction: weights, cost, resistance, cell, stability."""
