-- System calls as strace prints them: the call, its arguments, its result and how long it took.
--
-- Arguments: width (cut lines there).
--   gyr -r trace.scap -c strace proc.name=wget
--   gyr -c strace 120 proc.pid=4711
--
-- Columns: thread id, process, call. In traces with separate enter and exit events both are joined;
-- the arguments of at most 10000 calls that have not returned are kept.

description = "One line per system call: name(arguments) = result <latency>, as strace prints " ..
    "it, with the thread id and the process before it. The filter of the command line says " ..
    "whose calls are shown. Signals and the ends of processes have lines of their own. A result " ..
    "that the trace does not hold is shown as ?."
short_description = "System calls, printed as strace does"
category = "System State"
dialect = "today"

local text = require("lib_text")
local options = require("lib_args")({
    {name = "width", default = 0, description = "The longest line; 0 is no limit"},
})

local MOST_PENDING = 10000
local FIELDS = {
    tid = "thread.tid", process = "proc.name", dir = "evt.dir", args = "evt.args",
    first = "evt.arg[0]", raw = "evt.rawres", result = "evt.res", latency = "evt.latency",
    status = "evt.rawarg.status", signal = "evt.arg.sig",
}

local field = {}
local entered, pending = {}, 0  -- by thread: the arguments of the call that it is in

function on_init()
    for key, name in pairs(FIELDS) do field[key] = chisel.request_field(name) end
    chisel.set_filter("not evt.type in (switch, procinfo)")
    return true
end

local function print_line(tid, line)
    line = string.format("%7d %-15s %s", tid, evt.field(field.process) or "<NA>", line)
    line = text.clean(line)
    print(options.width > 0 and line:sub(1, options.width) or line)
end

local function enter(tid)
    if not entered[tid] then pending = pending + 1 end
    if pending > MOST_PENDING then entered, pending = {}, 1 end
    entered[tid] = evt.field(field.args) or ""
end

-- What the enter event said, unless the exit event says it again.
local function take_entered(tid, exit_arguments)
    local arguments = entered[tid]
    if not arguments then return "" end
    entered[tid], pending = nil, pending - 1
    local first_name = arguments:match("^(%w+)=")
    if first_name and (" " .. exit_arguments):find(" " .. first_name .. "=", 1, true) then
        return ""
    end
    return arguments
end

-- The result, and the arguments without it: it is the first of them, named res or fd.
local function split_result(arguments)
    local raw, first = evt.field(field.raw), evt.field(field.first) or ""
    local name = arguments:match("^(%w+)=")
    if not raw or (name ~= "res" and name ~= "fd") then return "?", arguments end
    local number = string.format("%.0f", raw)
    for _, shown in ipairs({number .. "(" .. first .. ")", first}) do
        local prefix = name .. "=" .. shown
        if arguments:sub(1, #prefix) == prefix then
            arguments = arguments:sub(#prefix + 1)
            if raw < 0 then shown = "-1 " .. (evt.field(field.result) or number) end
            return shown, arguments
        end
    end
    return number, arguments
end

-- Without what events add to the call's own arguments: the state of the process and its memory. The
-- fd comes before the data.
local function shortened(arguments)
    arguments = arguments:gsub("^%s*(data=.*) (fd=%-?%d.*)$", "%2 %1")
    arguments = arguments:gsub("^%s*(tuple=.*) (fd=%-?%d.*)$", "%2 %1")
    arguments = arguments:gsub(" tid=%d+%(.*", ""):gsub("vm_size=%d+ vm_rss=%d+ vm_swap=%d+", "")
    return (arguments:gsub("%s+", " "):gsub("^ ", ""):gsub(" $", ""))
end

local function exit(tid, call)
    local arguments = evt.field(field.args) or ""
    local before = take_entered(tid, arguments)
    local result, rest = split_result(arguments)
    local latency = evt.field(field.latency)
    print_line(tid, string.format("%s(%s) = %s%s", call, shortened(before .. " " .. rest), result,
        latency and latency > 0 and " <" .. text.duration(latency) .. ">" or ""))
end

local function ending()
    local status = evt.field(field.status) or 0
    local signal = status % 128
    if signal ~= 0 then return string.format("+++ killed by signal %d +++", signal) end
    return string.format("+++ exited with %d +++", math.floor(status / 256) % 256)
end

function on_event()
    local tid = evt.field(field.tid)
    if not tid then return true end
    local call = evt.get_type()
    if call == "procexit" then
        print_line(tid, ending())
    elseif call == "signaldeliver" then
        print_line(tid, "--- " .. (evt.field(field.signal) or "signal") .. " ---")
    elseif evt.field(field.dir) == ">" then
        enter(tid)
    else
        exit(tid, call)
    end
    return true
end
