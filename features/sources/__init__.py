"""Sources: one module each, which finds a source, reads it, checks it and hands on a canonical table.

The readers take the files as their publishers wrote them. Whatever is wrong with a file becomes one
`~faultline.features.errors.DataError` that names the file, the line and the column, and says what to do.
The tables are those of `faultline.features.tables.schemas`.
"""
