"""The world: databases, mail services, HR systems, Prefect; adapters do not know each other."""
