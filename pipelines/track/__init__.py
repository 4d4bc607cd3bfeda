"""MLflow: store, records, registry, promotion."""
