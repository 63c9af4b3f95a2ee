"""What holds of every case: properties over random and exhaustive courses."""
