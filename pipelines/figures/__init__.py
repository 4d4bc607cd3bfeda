"""Tables and pictures that `import faultline` offers."""
