"""What a continuous integration service is told, and what comes back from its machines."""
