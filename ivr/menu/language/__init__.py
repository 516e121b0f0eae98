"""The language of hotlines, described once: the reader, the JSON Schema and the reference all come from it."""
