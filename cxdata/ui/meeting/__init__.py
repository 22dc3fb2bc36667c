"""From the page to the meeting: views kept, stories told, decisions logged, marks entered."""
