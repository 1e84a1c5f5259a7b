-- The files on which calls took the most time, with percentiles and bytes, by process.
--
-- Arguments: top (rows), by (order: total, count, p50, p95, p99, max, read, written).
--   gyr -r trace.scap -c slowfiles
--   gyr -c slowfiles "10 p99" proc.name=postgres
--
-- All calls on a file count, so that a slow open, fsync or close is seen as well as slow reads.

description = "Files by the time that calls on them took (reads, writes, but also open, fsync " ..
    "and the like): how many calls, total, median, 95th and 99th percentile and maximum, and " ..
    "the bytes read and written, for each process. Percentiles are at most 7 % too high. Keeps " ..
    "at most 20000 pairs of process and file apart; the rest is one row, (others)."
short_description = "Slowest files, with percentiles"
category = "I/O"
dialect = "today"

require("lib_slow")({filter = "fd.type=file", title = "FILE"})
