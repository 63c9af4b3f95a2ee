"""What a case is: values, days, register, agenda."""
