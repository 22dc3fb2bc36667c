"""CX Outcomes: what customer experience does to the business."""

__version__ = "0.1.0"
