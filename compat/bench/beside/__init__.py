"""What of the benchmark runs beside a torch, on its Python and with nothing else."""
