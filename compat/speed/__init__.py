"""How fast is the function, and what else gives its answer, on the gradients of models that people train?

Runs beside the torch it measures, like the probe, whose clocks and tensors it borrows; its records are its
own, so that timing more makes no other record stale. Python 3.9, the standard library and torch.
"""
