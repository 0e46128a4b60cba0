"""Excel workbooks (.xlsx, .xlsm) in, their sheets' cells out: what stands in them, what it is, and where.

Read by this package itself, with the XML parser of the standard library and nothing kept but the row at hand. The libraries for it give
an error cell (#N/A) and a formula that was never calculated as blank cells, and make room for every cell up to the last one: a file of
five kilobytes ends the process. A blank is a fact here, and a process that dies is a finding nobody gets.
"""
