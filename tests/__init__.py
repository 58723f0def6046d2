"""The tests mirror the source tree; ``contract`` and ``monitor`` run beside a real torch."""
