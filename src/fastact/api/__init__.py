"""What users call: functions with parameters, gates, functions along an axis, and names."""
