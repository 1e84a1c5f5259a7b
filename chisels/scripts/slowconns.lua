-- The network connections on which calls took the most time, with percentiles and bytes.
--
-- Arguments: top (rows), by (order: total, count, p50, p95, p99, max, read, written).
--   gyr -r trace.scap -c slowconns
--   gyr -c slowconns "10 max" fd.sport=5432
--
-- A read that waits for the other side counts with its wait: for a client that is how long the
-- server took to answer. Waiting for a connection (accept) is left out.

description = "Connections by the time that calls on them took (connect, send, receive and all " ..
    "others but accept): how many calls, total, median, 95th and 99th percentile and maximum, " ..
    "and the bytes received and sent, for each process. Percentiles are at most 7 % too high. " ..
    "Keeps at most 20000 pairs of process and connection apart; the rest is one row, (others)."
short_description = "Slowest network connections, with percentiles"
category = "Net"
dialect = "today"

require("lib_slow")({
    filter = "(fd.type=ipv4 or fd.type=ipv6) and fd.cip exists and " ..
        "not evt.type in (accept, accept4)",
    title = "CONNECTION",
})
