"""The formats that an issue can be exported to, one module each."""
