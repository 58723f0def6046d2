"""What a continuous integration service is told, and what is done with what its machines bring back."""
