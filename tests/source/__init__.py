"""Other people's source: what it says, whether that holds, and where it calls the function."""
