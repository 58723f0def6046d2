"""What does other people's source say of the API, does that hold, and where do they call it?"""
