description = "Prints lines of its own between those of its format, and says when intervals pass."
short_description = "lines and intervals"
category = "test"
args = { { name = "interval_ms", description = "0: none", argtype = "int", optional = true } }

local interval_ms = 0

function on_set_arg(_, value)
    interval_ms = tonumber(value)
    return interval_ms ~= nil
end

function on_init()
    type_field = chisel.request_field("evt.type")
    chisel.set_event_formatter("%evt.num %evt.type %proc.name")
    chisel.set_filter("evt.type in (openat, execve)")
    if interval_ms > 0 then chisel.set_interval_ns(interval_ms * 1000000) end
    return true
end

function on_event()
    print("next: " .. evt.field(type_field) .. " " .. evt.get_num() .. " " .. evt.get_type())
    return evt.field(type_field) == "openat"
end

function on_interval(ts_s, ts_ns, delta)
    print(string.format("interval %d ns", delta))
    return true
end

function on_capture_end(ts_s, ts_ns, delta)
    print(string.format("end after %d ns, last at %s", delta, sysdig.make_ts(ts_s, ts_ns)))
end
