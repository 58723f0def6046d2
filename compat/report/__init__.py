"""What people look at: one view of the verdict, and one module for each form it is written in."""
