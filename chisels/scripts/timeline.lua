-- What each process did when: start, exec, first and last I/O, exit, and a bar over time.
--
-- Arguments: width (of the bars), top (how many processes).
--   gyr -r trace.scap -c timeline
--   gyr -r trace.scap -c timeline "100 30" proc.aname=make
--
-- In the bar a character is a slice of time: `.` alive, `-` made calls, `=` more than a quarter of
-- the slice in calls, `#` more than three quarters, `>` started a program. Calls that only wait
-- (poll, wait4, futex, accept ...) do not count. Slices double when time outgrows them, so that
-- memory stays bounded; processes beyond 5000 are left out.

description = "For each process, in the order of their starts: when it was first and last seen, " ..
    "its first and last input or output (seconds from the start of the trace), the time in " ..
    "system calls that do not wait, and a bar over time. A + before the start: it was running " ..
    "before. A + behind the end: it did not end."
short_description = "Timeline of each process"
category = "System State"
dialect = "today"

local text = require("lib_text")
local options = require("lib_args")({
    {name = "width", default = 60, description = "The width of the bars"},
    {name = "top", default = 200, description = "How many processes"},
})

local MOST_PROCESSES, SLICES = 5000, 256
local WAITS = {}
for call in ("wait4 waitid futex accept accept4 pause ppoll pselect6 epoll_pwait epoll_pwait2 " ..
    "clock_nanosleep rt_sigtimedwait rt_sigsuspend"):gmatch("%S+") do WAITS[call] = true end
local FIELDS = {
    time = "evt.reltime", pid = "proc.pid", process = "proc.name", latency = "evt.latency",
    is_io = "evt.is_io", waits = "evt.is_wait", failed = "evt.failed", result = "evt.rawres",
    tid = "thread.tid",
}

local field = {}
local order, running = {}, {}
local slice = 1e6  -- ns
local origin, last  -- ns: the first event here from the start of the trace, the last from there

function on_init()
    for key, name in pairs(FIELDS) do field[key] = chisel.request_field(name) end
    chisel.set_filter("(evt.dir=< and evt.type != switch) or evt.type = procexit")
    return true
end

local function new(pid, now, started)
    if #order >= MOST_PROCESSES then return end
    local process = {pid = pid, from = now, to = now, started = started, calls = 0, busy = {}}
    order[#order + 1] = process
    running[pid] = process
    return process
end

-- Doubles the slices until `now` fits.
local function make_room(now)
    while now >= slice * SLICES do
        slice = slice * 2
        for _, process in ipairs(order) do
            local busy = {}
            for index, time in pairs(process.busy) do
                local half = math.floor(index / 2)
                busy[half] = (busy[half] or 0) + time
            end
            process.busy = busy
        end
    end
end

-- A call is spread over the slices that it ran in.
local function spend(process, from, to)
    local first, final = math.floor(math.max(from, 0) / slice), math.floor(to / slice)
    for index = first, final do
        local part = math.min(to, (index + 1) * slice) - math.max(from, index * slice)
        process.busy[index] = (process.busy[index] or 0) + part
    end
end

function on_event()
    local pid, call, now = evt.field(field.pid), evt.get_type(), evt.field(field.time)
    if not pid then return true end
    origin = origin or now
    now = math.max(now - origin, 0)
    make_room(now)
    last = math.max(last or 0, now)
    local process, is_main = running[pid], pid == evt.field(field.tid)
    local forked = is_main and (call:match("clone") or call:match("fork")) and
        evt.field(field.result) == 0
    if forked or not process then process = new(pid, now, forked) end
    if not process then return true end
    process.to, process.name = now, evt.field(field.process) or process.name
    if call == "procexit" then
        if is_main then process.ended, running[pid] = true, nil end
        return true
    end
    if call:match("^exec") and not evt.field(field.failed) then
        process.exec = process.exec or now
    end
    if evt.field(field.is_io) then
        process.first_io, process.last_io = process.first_io or now, now
    end
    local latency = evt.field(field.latency) or 0
    if evt.field(field.waits) or WAITS[call] then latency = 0 end
    process.calls = process.calls + latency
    spend(process, now - latency, now)
    return true
end

-- The bar: `scale` ns a character.
local function bar_of(process, scale)
    local busy, seen, marks = {}, {}, {}
    for index, time in pairs(process.busy) do
        local at = math.floor(index * slice / scale)
        busy[at], seen[at] = (busy[at] or 0) + time, true
    end
    local final = process.ended and process.to or last
    for at = 0, math.floor(final / scale) do
        local share = (busy[at] or 0) / math.max(scale, slice)
        marks[#marks + 1] = process.started and at < math.floor(process.from / scale) and " " or
            process.exec and at == math.floor(process.exec / scale) and ">" or
            share > 0.75 and "#" or share > 0.25 and "=" or seen[at] and "-" or "."
    end
    return table.concat(marks)
end

local function seconds(ns)
    return text.seconds(origin + ns)
end

function on_capture_end()
    if not origin then return end
    local rows, scale = {}, math.max(1, (last + 1) / math.max(1, math.min(options.width, 1000)))
    for i = 1, math.min(#order, options.top) do
        local process = order[i]
        process.start = (process.started and "" or "+") .. seconds(process.from)
        process.finish = seconds(process.to) .. (process.ended and " " or "+")
        process.bar = bar_of(process, scale)
        rows[i] = process
    end
    text.print_table({
        {key = "pid", title = "PID", right = true}, {key = "name", title = "PROCESS"},
        {key = "start", title = "START", right = true},
        {key = "exec", title = "EXEC", right = true, show = seconds},
        {key = "first_io", title = "FIRST I/O", right = true, show = seconds},
        {key = "last_io", title = "LAST I/O", right = true, show = seconds},
        {key = "finish", title = "END ", right = true},
        {key = "calls", title = "IN CALLS", right = true, show = text.duration},
        {key = "bar", title = seconds(0) .. " to " .. seconds(last)},
    }, rows)
end
