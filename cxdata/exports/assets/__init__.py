"""Style sheets and layouts of what is handed over."""
