"""The HTTP API for a company's own programs: tokens by role, JSON in and out, described by OpenAPI."""
