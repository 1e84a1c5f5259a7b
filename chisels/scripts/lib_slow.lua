-- A table of what the calls on files or connections took: for slowfiles and slowconns. No chisel
-- itself.
--
--   require("lib_slow")({filter = "fd.type=file", title = "FILE"})
--
-- Declares the arguments top and by, and defines the callbacks. The filter says which calls count
-- for an fd. Rows are kept apart by process and fd name, 20000 at most.

local text = require("lib_text")
local stats = require("lib_stats")

local COLUMNS = {
    {key = "count", title = "CALLS", right = true},
    {key = "total", title = "TOTAL", right = true, show = text.duration},
    {key = "p50", title = "P50", right = true, show = text.duration},
    {key = "p95", title = "P95", right = true, show = text.duration},
    {key = "p99", title = "P99", right = true, show = text.duration},
    {key = "max", title = "MAX", right = true, show = text.duration},
    {key = "read", title = "READ", right = true, show = text.bytes},
    {key = "written", title = "WRITTEN", right = true, show = text.bytes},
    {key = "process", title = "PROCESS"},
    {key = "name"},
}

local FIELDS = {
    latency = "evt.latency",
    name = "fd.name",
    process = "proc.name",
    result = "evt.rawres",
    is_read = "evt.is_io_read",
    is_write = "evt.is_io_write",
}

return function(subject)
    local options = require("lib_args")({
        {name = "top", default = 20, description = "How many rows"},
        {name = "by", default = "total", description = "The order",
         choices = {"total", "count", "p50", "p95", "p99", "max", "read", "written"}},
    })
    local group = stats.group()
    local field = {}
    COLUMNS[#COLUMNS].title = subject.title

    function on_init()
        for key, name in pairs(FIELDS) do field[key] = chisel.request_field(name) end
        chisel.set_filter("evt.dir=< and " .. subject.filter)
        return true
    end

    function on_event()
        local name = evt.field(field.name)
        if not name or name == "" then return true end
        local process = evt.field(field.process) or "<NA>"
        local entry = group:entry(process .. "\0" .. name, {process = process, name = name})
        stats.add(entry, evt.field(field.latency) or 0)
        local bytes = evt.field(field.result) or 0
        if bytes > 0 and evt.field(field.is_read) then
            entry.read = (entry.read or 0) + bytes
        elseif bytes > 0 and evt.field(field.is_write) then
            entry.written = (entry.written or 0) + bytes
        end
        return true
    end

    require("lib_report")(function()
        text.print_table(COLUMNS, group:top(options.top, options.by))
    end)
end
