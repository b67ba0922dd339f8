"""Everything at once on one computer: simulators, people, samples. Never in production."""
