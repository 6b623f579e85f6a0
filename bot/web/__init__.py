"""What browsers get: the widget, the demo shop's pages, and the packing of the widget's modules."""
