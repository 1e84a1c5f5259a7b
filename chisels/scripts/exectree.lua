-- Who started what: an indented tree of processes with arguments, exit status and duration.
--
-- Arguments: width (cut lines there).
--   gyr -r trace.scap -c exectree
--   gyr -c exectree -- make
--
-- Only processes that started while it was looking, and who started them. Several programs in one
-- process (exec after exec) are joined by "=>". At most 20000 processes are kept.

description = "The processes that started, as a tree below who started them: process id, start " ..
    "in seconds from the beginning of the trace, duration, how it ended, and the programs with " ..
    "their arguments. Processes that start no program are shown by name in brackets. Keeps at " ..
    "most 20000 processes."
short_description = "Tree of who started what, with exit status"
category = "System State"
dialect = "today"

local text = require("lib_text")
local options = require("lib_args")({
    {name = "width", default = 0, description = "The longest line; 0 is no limit"},
})

local MOST_PROCESSES, MOST_PROGRAMS, DEEPEST_INDENT = 20000, 20, 60
local FIELDS = {
    time = "evt.reltime", pid = "proc.pid", tid = "thread.tid", ppid = "proc.ppid",
    parent = "proc.pname", process = "proc.name", line = "proc.cmdline", failed = "evt.failed",
    result = "evt.rawres", status = "evt.rawarg.status",
}

local field = {}
local running = {}   -- by pid: the process that has it now
local roots = {}     -- those whose start was not seen
local kept, left_out = 0, 0

function on_init()
    for key, name in pairs(FIELDS) do field[key] = chisel.request_field(name) end
    chisel.set_filter("(evt.type in (clone, clone3, fork, vfork, execve, execveat) and " ..
        "evt.dir=<) or evt.type=procexit")
    return true
end

local function add(pid, siblings, process)
    if kept >= MOST_PROCESSES then
        left_out = left_out + 1
        return nil
    end
    kept = kept + 1
    process.pid, process.children, process.programs = pid, {}, {}
    siblings[#siblings + 1] = process
    running[pid] = process
    return process
end

-- The process that was there before: known by name only, without a start.
local function root(pid, name)
    return running[pid] or add(pid, roots, {name = name or "<NA>"})
end

local function start(pid, now)
    local parent = root(evt.field(field.ppid) or 0, evt.field(field.parent))
    if not parent then return nil end
    return add(pid, parent.children, {name = evt.field(field.process), from = now})
end

function on_event()
    local pid, tid, call = evt.field(field.pid), evt.field(field.tid), evt.get_type()
    if not pid or (pid ~= tid and not call:match("^exec")) then return true end  -- a thread
    local now = evt.field(field.time)
    if call == "procexit" then
        local process = running[pid]
        if process then
            process.to, process.status = now, evt.field(field.status) or 0
            running[pid] = nil
        end
    elseif call:match("^exec") then
        if evt.field(field.failed) then return true end
        local process = running[pid] or start(pid, now)
        if process and #process.programs < MOST_PROGRAMS then
            process.programs[#process.programs + 1] = evt.field(field.line) or "<NA>"
        end
    elseif evt.field(field.result) == 0 then
        start(pid, now)  -- the child's side of a fork
    end
    return true
end

local function ending(process)
    if not process.status then return "running" end
    local signal = process.status % 128
    if signal ~= 0 then return "signal " .. signal end
    return "exit " .. math.floor(process.status / 256) % 256
end

local function print_process(process, depth)
    local indent = string.rep("  ", math.min(depth, DEEPEST_INDENT))
    local what = table.concat(process.programs, " => ")
    if what == "" then what = "[" .. (process.name or "<NA>") .. "]" end
    local times = string.format("%10s %8s  %-9s", "", "", "")
    if process.from then
        times = string.format("%10.6f %8s  %-9s", process.from / 1e9,
            process.to and text.duration(process.to - process.from) or "", ending(process))
    end
    local line = string.format("%7d %s  %s%s", process.pid, times, indent, text.clean(what))
    print(options.width > 0 and line:sub(1, options.width) or line)
end

-- Without recursion: a tree of forks can be deeper than Lua's stack.
local function print_trees()
    local todo = {}
    local function add_all(processes, depth)
        for i = #processes, 1, -1 do todo[#todo + 1] = {processes[i], depth} end
    end
    add_all(roots, 0)
    while #todo > 0 do
        local process, depth = unpack(table.remove(todo))
        print_process(process, depth)
        add_all(process.children, depth + 1)
    end
end

function on_capture_end()
    print(string.format("%7s %10s %8s  %-9s  %s", "PID", "START", "TOOK", "END", "PROGRAM"))
    print_trees()
    if left_out > 0 then print(string.format("(%d more are left out)", left_out)) end
end
