-- Where time went, by process ancestry and system call: folded stacks, or a flame graph.
--
-- Arguments: format (text, svg), detail (call, fd).
--   gyr -r trace.scap -c flamegraph svg > calls.svg
--   gyr -r trace.scap -c flamegraph "text fd" | flamegraph.pl > calls.svg
--
-- A stack: the ancestors from the oldest, the process, the call, and with `fd` the file or
-- connection. Its weight: microseconds in the call. Waiting counts, so leave out what only waits:
--   gyr -r trace.scap -c flamegraph svg "evt.is_wait=false and not evt.type in (wait4, futex)"

description = "Time in system calls, by who started whom: one line per stack, " ..
    "`init;sh;wget;read 1234`, with the weight in microseconds, as flamegraph.pl and others " ..
    "take it, or with `svg` a flame graph to open in a browser. Keeps at most 20000 different " ..
    "stacks."
short_description = "Flame graph of time in system calls by process tree"
category = "Performance"
dialect = "today"

local text = require("lib_text")
local options = require("lib_args")({
    {name = "format", default = "text", choices = {"text", "svg"}, description = "What is printed"},
    {name = "detail", default = "call", choices = {"call", "fd"},
     description = "The innermost frame: the call, or what its fd stands for"},
})

local MOST_ANCESTORS = 12
local MOST_STACKS = 20000

local field, ancestor = {}, {}
local weights, size = {}, 0  -- folded stack -> ns

function on_init()
    for key, name in pairs({latency = "evt.latency", process = "proc.name", fd = "fd.name"}) do
        field[key] = chisel.request_field(name)
    end
    for i = 1, MOST_ANCESTORS do
        ancestor[i] = chisel.request_field("proc.aname[" .. i .. "]")
    end
    chisel.set_filter("evt.dir=<")
    return true
end

-- ';' separates frames and the last blank the weight: neither stays in a name.
local function frame(name)
    return (text.clean(name):gsub("[;%s]", "_"))
end

local function stack_of_event()
    local frames = {}
    for i = 1, MOST_ANCESTORS do
        local name = evt.field(ancestor[i])
        if not name or name == "" or name == "<NA>" then break end
        table.insert(frames, 1, frame(name))
    end
    frames[#frames + 1] = frame(evt.field(field.process) or "<NA>")
    frames[#frames + 1] = frame(evt.get_type())
    local fd = options.detail == "fd" and evt.field(field.fd) or ""
    if fd ~= "" then frames[#frames + 1] = frame(fd) end
    return table.concat(frames, ";")
end

function on_event()
    local latency = evt.field(field.latency)
    if not latency or latency <= 0 then return true end
    local stack = stack_of_event()
    if not weights[stack] then
        if size >= MOST_STACKS then stack = "(others)" else size = size + 1 end
    end
    weights[stack] = (weights[stack] or 0) + latency
    return true
end

function on_capture_end()
    local stacks = {}
    for stack in pairs(weights) do stacks[#stacks + 1] = stack end
    table.sort(stacks)
    if options.format == "svg" then
        return require("lib_svg")(stacks, weights, "Time in system calls", text.duration)
    end
    for _, stack in ipairs(stacks) do
        local micros = math.floor(weights[stack] / 1000 + 0.5)
        if micros > 0 then print(stack .. " " .. string.format("%.0f", micros)) end
    end
end
