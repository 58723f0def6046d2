"""What runs in every matrix environment: Python 3.9 and newer, beside a real torch."""
