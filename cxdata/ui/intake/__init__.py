"""What analysts see: an extract on its way to a version, the health of the data, their history."""
