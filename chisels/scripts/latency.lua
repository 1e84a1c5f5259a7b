-- How long system calls take: a histogram for each call of each process.
--
-- Arguments: top (how many histograms), by (what is kept apart).
--   gyr -r trace.scap -c latency
--   gyr -r trace.scap -c latency "20 call" proc.name=nginx
--
-- Calls whose latency is not known (their start was not seen) are left out. Calls that wait for
-- something (poll, wait4, accept) count with the time they waited.

description = "For the system calls that took the most time together, by process: how many took " ..
    "how long, as a histogram by powers of two, with percentiles. The filter of the command " ..
    "line says which calls are looked at. Keeps at most 20000 pairs of process and call apart."
short_description = "Latency histograms by system call and process"
category = "Performance"
dialect = "today"

local text = require("lib_text")
local stats = require("lib_stats")
local options = require("lib_args")({
    {name = "top", default = 5, description = "How many histograms"},
    {name = "by", default = "both", choices = {"both", "call", "process"},
     description = "What is kept apart: calls of processes, calls, or processes"},
})

local WIDTH = 40
local group = stats.group()
local field = {}

function on_init()
    for key, name in pairs({latency = "evt.latency", call = "evt.type", process = "proc.name"}) do
        field[key] = chisel.request_field(name)
    end
    chisel.set_filter("evt.dir=<")
    return true
end

function on_event()
    local latency = evt.field(field.latency)
    if not latency or latency <= 0 then return true end
    local call = options.by ~= "process" and evt.field(field.call) or nil
    local process = options.by ~= "call" and (evt.field(field.process) or "<NA>") or nil
    local key = (process or "") .. "\0" .. (call or "")
    stats.add(group:entry(key, {process = process, call = call}), latency)
    return true
end

local function print_histogram(entry)
    local name = (entry.process or "") .. (entry.process and entry.call and " " or "") ..
        (entry.call or "")
    print(string.format("%s: %d calls, %s (p50 %s, p95 %s, p99 %s, max %s)", text.clean(name),
        entry.count, text.duration(entry.total), text.duration(entry.p50),
        text.duration(entry.p95), text.duration(entry.p99), text.duration(entry.max)))
    local rows, most = stats.histogram(entry), 0
    for _, row in ipairs(rows) do most = math.max(most, row[3]) end
    local skipped = false
    for i, row in ipairs(rows) do
        if row[3] > 0 or rows[i - 1][3] > 0 then
            print((string.format("  %7s - %-7s %8d  %s", text.duration(row[1]),
                text.duration(row[2]), row[3], text.bar(row[3], most, WIDTH)):gsub("%s+$", "")))
            skipped = false
        elseif not skipped then
            print("      ...")
            skipped = true
        end
    end
end

require("lib_report")(function()
    local entries = group:top(options.top, "total")
    if text.is_json() then
        local columns = {}
        for i, key in ipairs({"process", "call", "count", "total", "p50", "p95", "p99", "max"}) do
            columns[i] = {key = key, title = key}
        end
        for _, entry in ipairs(entries) do entry.histogram = stats.histogram(entry) end
        columns[#columns + 1] = {key = "histogram", title = "histogram"}
        return text.print_table(columns, entries)
    end
    for i, entry in ipairs(entries) do
        if i > 1 then print() end
        print_histogram(entry)
    end
    if #entries == 0 then print("No system call with a known latency.") end
end)
