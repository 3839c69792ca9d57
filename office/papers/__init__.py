"""What goes into each paper, and paper answers on their way in."""
